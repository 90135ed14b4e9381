#include "ports/network_bytes.h"

#include <cstdint>

namespace delstep {
namespace {

constexpr auto kLastKind = static_cast<std::uint64_t>(Latency::Kind::kExponential);
// No network ends a message as kDropped or kContact.
constexpr auto kLastReason = static_cast<std::uint64_t>(LossReason::kDetached);

Duration ReadDuration(ByteReader& reader) {
  const std::int64_t nanoseconds = reader.Signed();
  reader.Require(nanoseconds >= 0);
  return Duration(nanoseconds);
}

}  // namespace

void Add(ByteWriter& writer, const LinkProperties& link) {
  writer.Add(link.loss);
  writer.Add(static_cast<std::uint64_t>(link.latency.kind));
  writer.Add(std::int64_t{link.latency.a.count()});
  writer.Add(std::int64_t{link.latency.b.count()});
  writer.Add(link.bandwidth);
  writer.Add(link.up);
}

LinkProperties ReadLink(ByteReader& reader) {
  LinkProperties link;
  link.loss = reader.Real();
  link.latency.kind = static_cast<Latency::Kind>(reader.NumberUpTo(kLastKind));
  link.latency.a = ReadDuration(reader);
  link.latency.b = ReadDuration(reader);
  link.bandwidth = reader.Real();
  link.up = reader.Flag();
  // Written so that NaN fails too.
  reader.Require(link.loss >= 0 && link.loss <= 1 && link.bandwidth > 0);
  return link;
}

void Add(ByteWriter& writer, const Message& message) {
  writer.Add(static_cast<std::uint64_t>(message.id));
  writer.Add(std::uint64_t{Index(message.from)});
  writer.Add(std::uint64_t{Index(message.to)});
  writer.Add(std::uint64_t{message.bytes});
}

Message ReadMessage(ByteReader& reader, std::size_t nodes) {
  Message message;
  message.id = MessageId{reader.Number()};
  message.from = ReadNode(reader, nodes);
  message.to = ReadNode(reader, nodes);
  message.bytes = Bytes{reader.Number()};
  reader.Require(message.from != message.to);
  return message;
}

// The end comes first: 0 for arrived, else the reason and 1.
void Add(ByteWriter& writer, const Outcome& outcome) {
  writer.Add(outcome.lost ? static_cast<std::uint64_t>(*outcome.lost) + 1 : std::uint64_t{0});
  Add(writer, outcome.message);
  Add(writer, outcome.sent);
  Add(writer, outcome.at);
}

Outcome ReadOutcome(ByteReader& reader, std::size_t nodes) {
  Outcome outcome;
  if (const std::uint64_t end = reader.NumberUpTo(kLastReason + 1); end > 0)
    outcome.lost = static_cast<LossReason>(end - 1);
  outcome.message = ReadMessage(reader, nodes);
  outcome.sent = ReadTime(reader);
  outcome.at = ReadTime(reader);
  reader.Require(outcome.at >= outcome.sent);
  return outcome;
}

SimTime ReadTime(ByteReader& reader) { return SimTime(ReadDuration(reader)); }

NodeId ReadNode(ByteReader& reader, std::size_t nodes) {
  const std::uint64_t node = reader.Number();
  reader.Require(node < nodes);
  return static_cast<NodeId>(node);
}

}  // namespace delstep
