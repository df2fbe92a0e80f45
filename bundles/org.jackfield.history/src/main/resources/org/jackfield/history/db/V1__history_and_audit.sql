-- Times are UTC to the microsecond; ids are the API's texts. ${binary} is the database's name for
-- a comparison byte by byte, which a search by prefix needs.

CREATE TABLE history_event (
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  type VARCHAR NOT NULL,
  session VARCHAR,
  transfer VARCHAR,
  provider VARCHAR,
  text VARCHAR NOT NULL,
  PRIMARY KEY (epoch, sequence)
);
CREATE INDEX history_event_session ON history_event (session, epoch, sequence);
CREATE INDEX history_event_at ON history_event (at);

CREATE TABLE history_session (
  id VARCHAR NOT NULL PRIMARY KEY,
  provider VARCHAR NOT NULL,
  conversation VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  started_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP(6) WITH TIME ZONE,
  merged_into VARCHAR,
  cause VARCHAR,
  cause_text VARCHAR,
  cause_driver VARCHAR,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL
);
CREATE INDEX history_session_started ON history_session (started_at, id);
CREATE INDEX history_session_provider ON history_session (provider, started_at, id);
CREATE INDEX history_session_state ON history_session (state, started_at, id);
CREATE INDEX history_session_conversation ON history_session (conversation, started_at, id);

CREATE TABLE history_party (
  session VARCHAR NOT NULL REFERENCES history_session (id) ON DELETE CASCADE,
  party VARCHAR NOT NULL,
  place INTEGER NOT NULL,
  address VARCHAR NOT NULL,
  address_key VARCHAR${binary} NOT NULL,
  name VARCHAR NOT NULL,
  name_key VARCHAR${binary} NOT NULL,
  role VARCHAR NOT NULL,
  seen_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  left_at TIMESTAMP(6) WITH TIME ZONE,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (session, party)
);
CREATE INDEX history_party_address ON history_party (address_key, session);
CREATE INDEX history_party_name ON history_party (name_key, session);

CREATE TABLE history_transfer (
  id VARCHAR NOT NULL PRIMARY KEY,
  session VARCHAR NOT NULL,
  conversation VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  outcome VARCHAR,
  principal VARCHAR NOT NULL,
  transferor_key VARCHAR${binary} NOT NULL,
  transferee_key VARCHAR${binary} NOT NULL,
  target_key VARCHAR${binary},
  accepted_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP(6) WITH TIME ZONE,
  snapshot VARCHAR NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL
);
CREATE INDEX history_transfer_accepted ON history_transfer (accepted_at, id);
CREATE INDEX history_transfer_state ON history_transfer (state, accepted_at, id);
CREATE INDEX history_transfer_outcome ON history_transfer (outcome, accepted_at, id);
CREATE INDEX history_transfer_session ON history_transfer (session, accepted_at, id);
CREATE INDEX history_transfer_conversation ON history_transfer (conversation, accepted_at, id);
CREATE INDEX history_transfer_principal ON history_transfer (principal, accepted_at, id);
CREATE INDEX history_transfer_transferor ON history_transfer (transferor_key, id);
CREATE INDEX history_transfer_transferee ON history_transfer (transferee_key, id);
CREATE INDEX history_transfer_target ON history_transfer (target_key, id);

-- A conversation that went into another one keeps being found by its old id.
CREATE TABLE history_conversation (
  old_id VARCHAR NOT NULL PRIMARY KEY,
  present_id VARCHAR NOT NULL
);
CREATE INDEX history_conversation_present ON history_conversation (present_id);

CREATE TABLE history_audit (
  number BIGINT NOT NULL PRIMARY KEY,
  entry VARCHAR NOT NULL UNIQUE,
  at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  principal VARCHAR NOT NULL,
  via VARCHAR NOT NULL,
  origin VARCHAR NOT NULL,
  action VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  result VARCHAR NOT NULL,
  detail VARCHAR NOT NULL,
  previous_hash VARCHAR NOT NULL,
  hash VARCHAR NOT NULL
);
CREATE INDEX history_audit_at ON history_audit (at, number);
CREATE INDEX history_audit_principal ON history_audit (principal, number);
CREATE INDEX history_audit_action ON history_audit (action, number);
CREATE INDEX history_audit_subject ON history_audit (subject, number);
CREATE INDEX history_audit_result ON history_audit (result, number);

-- One row each: the chain's end, and the last row that was removed because of its age.
CREATE TABLE history_audit_chain (
  chain VARCHAR NOT NULL PRIMARY KEY,
  head_row BIGINT NOT NULL,
  head_hash VARCHAR NOT NULL,
  anchor_row BIGINT NOT NULL,
  anchor_hash VARCHAR NOT NULL
);
