package org.jackfield.tck;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jackfield.tck.Result.Verdict;

/**
 * What the kit has found of a driver.
 *
 * @param driver the driver's class
 * @param results one for each check, in their order
 */
public record Report(String driver, List<Result> results) {

  public Report {
    results = List.copyOf(results);
  }

  /** The rules that the driver breaks. */
  public Set<Rule> broken() {
    Set<Rule> broken = EnumSet.noneOf(Rule.class);
    of(Verdict.BROKEN).forEach(result -> broken.add(result.rule()));
    return broken;
  }

  /** The checks that ended so. */
  public List<Result> of(Verdict verdict) {
    return results.stream().filter(result -> result.verdict() == verdict).toList();
  }

  /** Whether the driver keeps all rules, and nothing has hindered the kit. */
  public boolean passed() {
    return of(Verdict.BROKEN).isEmpty() && of(Verdict.KIT_FAULT).isEmpty();
  }

  /**
   * Writes {@code NAME.md} for people and {@code NAME.xml}, as JUnit's reports are, for programs.
   */
  void write(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name + ".md"), markdown());
    Files.writeString(folder.resolve(name + ".xml"), xml());
  }

  /** The report for people. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(driver).append(passed() ? " conforms" : " does not conform");
    text.append("\n\n");
    for (Verdict verdict : Verdict.values()) {
      text.append(of(verdict).size()).append(' ').append(words(verdict)).append(". ");
    }
    text.append(
        "\n\nR1 to R11 are the rules of `org.jackfield.api.provider`. A fault of the kit says"
            + " nothing of the driver: look at the testbed first.\n\n"
            + "| check | | what must be so | result |\n|---|---|---|---|\n");
    for (Result r : results) {
      text.append("| ").append(r.id()).append(" | ");
      text.append(r.required() ? "required" : "where declared").append(" | ");
      text.append(cell(r.name())).append(" | ").append(words(r.verdict()));
      text.append(r.words().isEmpty() ? "" : ": " + cell(r.words())).append(" |\n");
    }
    return text.toString();
  }

  private static String words(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ");
  }

  /** The report for programs. A failure is the driver's, an error the kit's. */
  public String xml() {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument();
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", driver);
      xml.writeAttribute("tests", String.valueOf(results.size()));
      xml.writeAttribute("failures", String.valueOf(of(Verdict.BROKEN).size()));
      xml.writeAttribute("errors", String.valueOf(of(Verdict.KIT_FAULT).size()));
      xml.writeAttribute("skipped", String.valueOf(of(Verdict.NOT_DECLARED).size()));
      for (Result result : results) {
        testcase(xml, result);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("the report cannot be written", e);
    }
    return text.toString();
  }

  private static void testcase(XMLStreamWriter xml, Result r) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", r.id());
    xml.writeAttribute("name", r.name());
    xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", r.took().toNanos() / 1e9));
    switch (r.verdict()) {
      case PASSED -> {}
      case BROKEN -> fault(xml, "failure", r);
      case KIT_FAULT -> fault(xml, "error", r);
      case NOT_DECLARED -> xml.writeEmptyElement("skipped");
    }
    xml.writeEndElement();
  }

  private static void fault(XMLStreamWriter xml, String element, Result r)
      throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("type", r.rule().name());
    // XML has no characters below the space but these
    xml.writeAttribute(
        "message", r.words().replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD]", "?"));
    xml.writeEndElement();
  }
}
