// A journal as bytes: the kind of each change as its number, and then its fields.
#include <optional>
#include <type_traits>
#include <utility>

#include "network/remote/journal.h"
#include "ports/network_bytes.h"

namespace delstep::remote {
namespace {

constexpr std::size_t kNodes = std::size_t{1} << 32;  // every NodeId

void AddNode(ByteWriter& writer, NodeId node) { writer.Add(std::uint64_t{Index(node)}); }

struct ChangeWriter {
  ByteWriter& writer;

  void operator()(const Attached& change) const { AddNode(writer, change.node); }
  void operator()(const Detached& change) const { AddNode(writer, change.node); }
  void operator()(const Switched& change) const {
    AddNode(writer, change.node);
    writer.Add(change.up);
  }
  void operator()(const DefaultSet& change) const { delstep::Add(writer, change.link); }
  void operator()(const LinkSet& change) const {
    AddNode(writer, change.from);
    AddNode(writer, change.to);
    delstep::Add(writer, change.link);
  }
  void operator()(const LinkCleared& change) const {
    AddNode(writer, change.from);
    AddNode(writer, change.to);
  }
  void operator()(const CapacitySet& change) const {
    AddNode(writer, change.node);
    writer.Add(change.up);
    writer.Add(change.down);
  }
  void operator()(const Moves& change) const {
    AddNode(writer, change.node);
    writer.Add(std::uint64_t{change.ways.size()});
    for (const Way& way : change.ways) {
      delstep::Add(writer, way.begins);
      delstep::Add(writer, way.ends);
      for (const double place : {way.x0, way.y0, way.x1, way.y1}) writer.Add(place);
    }
  }
  void operator()(const Sent& change) const { delstep::Add(writer, change.message); }
  void operator()(const Withdrawn& change) const {
    writer.Add(std::uint64_t{change.messages.size()});
    for (const MessageId id : change.messages) writer.Add(static_cast<std::uint64_t>(id));
  }
  void operator()(const Passed& change) const { delstep::Add(writer, change.to); }
};

// What a helper is told must be in its range, whoever wrote the bytes.
double ReadCapacity(ByteReader& reader) {
  const double value = reader.Real();
  reader.Require(value > 0);  // NaN fails too
  return value;
}

Moves ReadMoves(ByteReader& reader) {
  Moves moves{.node = ReadNode(reader, kNodes), .ways = {}};
  SimTime last{};
  for (std::size_t left = reader.Count(48); left > 0; --left) {
    Way way;
    way.begins = ReadTime(reader);
    way.ends = ReadTime(reader);
    reader.Require(last <= way.begins && way.begins <= way.ends);
    last = way.ends;
    for (double* place : {&way.x0, &way.y0, &way.x1, &way.y1}) {
      *place = reader.Real();
      reader.Require(*place - *place == 0);  // finite
    }
    moves.ways.push_back(way);
  }
  return moves;
}

Change ReadChange(ByteReader& reader) {
  const auto node = [&] { return ReadNode(reader, kNodes); };
  // In the order of Change.
  switch (reader.NumberUpTo(std::variant_size_v<Change> - 1)) {
    case 0:
      return Attached{node()};
    case 1:
      return Detached{node()};
    case 2:
      return Switched{.node = node(), .up = reader.Flag()};
    case 3:
      return DefaultSet{ReadLink(reader)};
    case 4:
      return LinkSet{.from = node(), .to = node(), .link = ReadLink(reader)};
    case 5:
      return LinkCleared{.from = node(), .to = node()};
    case 6:
      return CapacitySet{.node = node(), .up = ReadCapacity(reader), .down = ReadCapacity(reader)};
    case 7:
      return ReadMoves(reader);
    case 8:
      return Sent{ReadMessage(reader, kNodes)};
    case 9: {
      Withdrawn withdrawn;
      for (std::size_t left = reader.Count(8); left > 0; --left)
        withdrawn.messages.push_back(MessageId{reader.Number()});
      return withdrawn;
    }
    default:
      return Passed{ReadTime(reader)};
  }
}

}  // namespace

void Add(ByteWriter& writer, const Journal& journal) {
  writer.Add(std::uint64_t{journal.size()});
  for (std::size_t i = 0; i < journal.size(); ++i) {
    writer.Add(std::uint64_t{journal[i].index()});
    std::visit(ChangeWriter{writer}, journal[i]);
  }
}

Journal ReadJournal(ByteReader& reader) {
  Journal journal;
  for (std::size_t left = reader.Count(16); left > 0 && reader.ok(); --left) {
    Change change = ReadChange(reader);
    if (const auto* passed = std::get_if<Passed>(&change)) {
      // Two in a row would have been one.
      const bool follows =
          !journal.empty() && std::holds_alternative<Passed>(journal[journal.size() - 1]);
      reader.Require(passed->to >= journal.now() && !follows);
      journal.AddPassed(passed->to);
    } else {
      // Whether it can come at this place is looked at later (JournalCheck).
      journal.Add(std::move(change));
    }
  }
  return journal;
}

}  // namespace delstep::remote
