package org.jackfield.core.arbiter;

import org.jackfield.api.session.Party;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferReply;

/**
 * The arbiter's answer. It holds its reasons as codes; the words are written when they are read.
 */
public sealed interface Decision {

  /** What will be done. */
  final class Planned implements Decision {
    private final Ruling ruling;
    private final TransferPlan.Kind kind;

    Planned(Ruling ruling, TransferPlan.Kind kind) {
      this.ruling = ruling;
      this.kind = kind;
    }

    /** Which of the plans; costs nothing. */
    public TransferPlan.Kind kind() {
      return kind;
    }

    /** The party that leaves. */
    public Party transferor() {
      return ruling.transferor();
    }

    /** The first of those that stay. */
    public Party transferee() {
      return ruling.transferee();
    }

    /** The plan with all its words; written anew at each call. */
    public TransferPlan plan() {
      return new PlanWriter(ruling, kind).write();
    }
  }

  /** A no that changes nothing. */
  sealed interface Refused extends Decision {
    /** The refusal with all its words; written anew at each call. */
    TransferReply.Refused reply();
  }

  /** Something forbids any transfer of this call, or to this target. */
  record Forbidden(TransferReply.Refused reply) implements Refused {
    static Forbidden of(Refusal refusal) {
      return new Forbidden(TransferReply.Refused.of(refusal));
    }
  }

  /** The eighth plan: none of the seven is legal and preferred. */
  final class NoPlan implements Refused {
    private final Ruling ruling;

    NoPlan(Ruling ruling) {
      this.ruling = ruling;
    }

    @Override
    public TransferReply.Refused reply() {
      return ruling.reply();
    }
  }
}
