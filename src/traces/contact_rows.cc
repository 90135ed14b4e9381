#include "traces/contact_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/cells.h"
#include "base/shortened.h"
#include "base/text.h"
#include "base/utf8.h"
#include "traces/contact_columns.h"
#include "traces/node_ids.h"
#include "traces/table.h"

namespace delstep {
namespace {

bool IsConnectionVerb(std::string_view word) { return Lower(word) == "conn"; }

/// Of The ONE's other events, those of messages.
bool IsMessageVerb(std::string_view word) {
  constexpr std::array<std::string_view, 6> kVerbs = {"c", "s", "de", "a", "dr", "r"};
  return std::ranges::find(kVerbs, Lower(word)) != kVerbs.end();
}

/// "12" of "p12"; the whole where there are no letters before digits.
std::string_view HostId(std::string_view word, const NodesOptions& nodes) {
  if (std::ranges::find(nodes.names, word) != nodes.names.end()) return word;
  const auto digit = word.find_first_of("0123456789");
  const bool letters =
      std::ranges::all_of(word.substr(0, std::min(digit, word.size())),
                          [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  const bool digits = digit != word.npos && ParseUnsigned(word.substr(digit)).has_value();
  return letters && digits ? word.substr(digit) : word;
}

}  // namespace

Result<std::uint32_t> ContactRows::Number(std::string_view id, const TraceLines& lines) {
  const auto known = numbers_.find(std::string(id));
  if (known != numbers_.end()) return known->second;
  if (auto wrong = WrongId(id)) return lines.Wrong(*std::move(wrong));
  const auto number = static_cast<std::uint32_t>(ids_.size());
  numbers_.emplace(id, number);
  ids_.emplace_back(id);
  return number;
}

Result<ContactRows> ReadContactTable(TraceSource& source) {
  TraceLines lines(source);
  TraceTable table(lines);
  ContactRows contacts;
  DELSTEP_TRY(table.ReadHeader(kContactHint));
  auto start = table.Find(kStartNames), end = table.Find(kEndNames);
  auto a = table.Find(kFirstNames), b = table.Find(kSecondNames);
  // Without a header the order is the canonical one, and the first line is a row.
  bool at_row = false;
  if (!(start && end && a && b)) {
    const auto columns = CellsOfLine(lines.text(), ',');
    if (!columns || columns->size() != 4 || !ParseReal((*columns)[0]) || !ParseReal((*columns)[1]))
      return lines.Wrong(
          fmt::format("{} is no header of a list of contacts", Excerpt(lines.text())),
          "write start,end,a,b into the first line");
    table.TakeHeaderAsRow({"start", "end", "a", "b"});
    start = 0, end = 1, a = 2, b = 3;
    at_row = true;
  }
  Tally none, alone;
  SimTime first = SimTime::max();
  for (;; at_row = false) {
    bool more = true;
    if (!at_row) {
      DELSTEP_ASSIGN(more, table.Next());
    }
    if (!more) break;
    ContactRows::Row row;
    DELSTEP_ASSIGN(row.begins, lines.Moment(table.Cell(*start), "start"));
    DELSTEP_ASSIGN(row.ends, lines.Moment(table.Cell(*end), "end"));
    DELSTEP_ASSIGN(row.a, contacts.Number(table.Cell(*a), lines));
    DELSTEP_ASSIGN(row.b, contacts.Number(table.Cell(*b), lines));
    if (row.ends < row.begins)
      return lines.Wrong(fmt::format("the contact ends at {}, before it begins at {}",
                                     Excerpt(table.Cell(*end)), Excerpt(table.Cell(*start))),
                         "the columns are start,end,a,b, unless a header has another order");
    first = std::min(first, row.begins);
    if (row.a == row.b)
      alone.Add(lines.number());
    else if (row.begins == row.ends)
      none.Add(lines.number());
    else
      contacts.Add(row);
  }
  const Duration shift = ShiftOfUnixTimes(first, contacts.notes());
  for (ContactRows::Row& row : contacts.rows()) {
    row.begins -= shift;
    row.ends -= shift;
  }
  none.Tell("contact that lasts for no time", "contacts that last for no time", contacts.notes());
  alone.Tell("contact of an id with itself", "contacts of an id with itself", contacts.notes());
  if (contacts.ids().empty()) return BadFile("it has no contact", kContactHint).At(lines.file());
  return contacts;
}

Result<ContactRows> ReadOneConnections(TraceSource& source, const NodesOptions& nodes) {
  TraceLines lines(source);
  std::vector<std::string_view> words;
  ContactRows contacts;
  std::map<std::pair<std::uint32_t, std::uint32_t>, SimTime> open;
  Tally messages, none, alone;
  SimTime last{};
  for (;;) {
    DELSTEP_ASSIGN(const bool more, lines.NextContent());
    if (!more) break;
    SplitWords(lines.text(), words);
    DELSTEP_ASSIGN(const SimTime at, lines.Moment(words[0], "the time"));
    if (words.size() >= 2 && IsMessageVerb(words[1])) {
      messages.Add(lines.number());
      continue;
    }
    // A name of an interface may follow.
    const std::string state = words.size() >= 5 ? Lower(words[4]) : "";
    if (!IsConnectionVerb(words.size() > 1 ? words[1] : "") || (state != "up" && state != "down"))
      return lines.Wrong(fmt::format("{} is no event of The ONE", Excerpt(lines.text())),
                         "write 12.0 CONN 0 7 up, or down");
    if (at < last)
      return lines.Wrong(fmt::format("the time falls to {}", words[0]), "sort the lines by time");
    last = at;
    DELSTEP_ASSIGN(std::uint32_t a, contacts.Number(HostId(words[2], nodes), lines));
    DELSTEP_ASSIGN(std::uint32_t b, contacts.Number(HostId(words[3], nodes), lines));
    if (a == b) {
      alone.Add(lines.number());
      continue;
    }
    if (b < a) std::swap(a, b);
    if (state == "up") {
      open.try_emplace({a, b}, at);
      continue;
    }
    const auto begun = open.find({a, b});
    if (begun == open.end()) continue;
    if (begun->second == at)
      none.Add(lines.number());
    else
      contacts.Add({a, b, begun->second, at});
    open.erase(begun);
  }
  for (const auto& [pair, begins] : open)
    contacts.Add({pair.first, pair.second, begins, SimTime::max()});
  if (!open.empty())
    contacts.AddNote(
        fmt::format("{} never end{}", Count(open.size(), "contact"), open.size() == 1 ? "s" : ""));
  messages.Tell("event of a message", "events of messages", contacts.notes());
  none.Tell("contact that lasts for no time", "contacts that last for no time", contacts.notes());
  alone.Tell("connection of a host with itself", "connections of a host with itself",
             contacts.notes());
  if (contacts.ids().empty()) return BadFile("it has no contact", kContactHint).At(lines.file());
  return contacts;
}

Result<ContactRows> ReadContacts(TraceSource& source, const NodesOptions& nodes) {
  DELSTEP_ASSIGN(std::string_view text, source.Beginning());
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::size_t number = 0;
  std::vector<std::string_view> words;
  const char line_end = text.find('\n') == text.npos ? '\r' : '\n';
  for (const std::string_view whole : Split(text, line_end)) {
    ++number;
    const std::string_view line = Trim(whole);
    if (line.empty() || line.starts_with('#')) continue;
    SplitWords(line, words);
    if (words.size() >= 2 && (IsConnectionVerb(words[1]) || IsMessageVerb(words[1])))
      return ReadOneConnections(source, nodes);
    const auto fields = FieldsOfLine(line);
    const std::size_t count = fields ? fields->size() : 0;
    const bool commas = line.find(',') != line.npos;
    const bool has_header = count > 0 && !ParseReal(fields->front());
    if (has_header ? count >= 4 && FindColumn(*fields, kEndNames) : commas && count == 4)
      return ReadContactTable(source);
    if (count == 3 || count >= (has_header ? 4 : 5)) return ReadSocioPatterns(source);
    return BadFile(fmt::format("{} is no line of a list of contacts{}", Excerpt(line),
                               count == 4 ? ", which have three or five fields" : ""),
                   kContactHint)
        .At(fmt::format("{}:{}", source.name(), number));
  }
  return BadFile("it has no line", kContactHint).At(source.name());
}

}  // namespace delstep
