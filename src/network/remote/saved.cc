#include "network/remote/saved.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "ports/network_bytes.h"

namespace delstep::remote {
namespace {

constexpr std::string_view kFormat = "helper 2";
constexpr std::size_t kHash = 8;  // bytes

/// Whether the journal can have come about, and its messages be on the way.
bool IsPossible(const Saved& saved, const std::vector<OnTheWay::Flight>& flights,
                const std::function<bool(NodeId node)>& is_attached) {
  JournalCheck check;
  if (!check.Follow(saved.journal) || check.sent() != saved.on_the_way.sent()) return false;
  // Network::Load() has read who is attached from other bytes.
  for (const auto& [node, attached] : check.attached())
    if (is_attached(static_cast<NodeId>(node)) != attached) return false;
  return std::ranges::all_of(flights, [&](const OnTheWay::Flight& flight) {
    const JournalCheck::Sending* sending = check.Find(flight.message.id);
    return sending && sending->message == flight.message && sending->at == flight.sent &&
           sending->number == flight.number;
  });
}

}  // namespace

Error NotWhatWasSaved() { return BadFile("the saved network is damaged"); }

std::string WriteSaved(const Saved& saved) {
  ByteWriter writer;
  writer.Add(kFormat);
  writer.Add(std::string_view(saved.version));
  Add(writer, saved.link);
  Add(writer, saved.start);
  Add(writer, saved.journal);
  writer.Add(saved.on_the_way.sent());
  const std::vector<OnTheWay::Flight> flights = saved.on_the_way.InOrder();
  writer.Add(std::uint64_t{flights.size()});
  for (const OnTheWay::Flight& flight : flights) {
    Add(writer, flight.message);
    Add(writer, flight.sent);
    writer.Add(flight.number);
  }
  // The hash finds damage at once. Without it a changed size or bandwidth would show only when a
  // helper plays the journal and comes to something else, which may be days later.
  std::string bytes = writer.Take();
  ByteWriter hash;
  hash.Add(HashText(bytes));
  return bytes + hash.Take();
}

Result<Saved> ReadSaved(std::string_view bytes,
                        const std::function<bool(NodeId node)>& is_attached) {
  if (bytes.size() < kHash) return NotWhatWasSaved();
  const std::string_view content = bytes.substr(0, bytes.size() - kHash);
  if (ByteReader(bytes.substr(content.size())).Number() != HashText(content))
    return NotWhatWasSaved();
  ByteReader reader(content);
  reader.Require(reader.Text() == kFormat);
  Saved saved;
  saved.version = reader.Text();
  saved.link = ReadLink(reader);
  saved.start = ReadTime(reader);
  saved.journal = ReadJournal(reader);
  const std::uint64_t sent = reader.Number();
  std::vector<OnTheWay::Flight> flights;
  for (std::size_t left = reader.Count(48); left > 0 && reader.ok(); --left) {
    OnTheWay::Flight flight;
    flight.message = ReadMessage(reader, std::size_t{1} << 32);
    flight.sent = ReadTime(reader);
    flight.number = reader.Number();
    reader.Require(flights.empty() || flights.back().number < flight.number);
    flights.push_back(flight);
  }
  // The reader was good up to here, so all values are in their ranges.
  if (!reader.AtEnd()) return NotWhatWasSaved();
  saved.on_the_way = OnTheWay(flights, sent);
  if (!IsPossible(saved, flights, is_attached)) return NotWhatWasSaved();
  return saved;
}

}  // namespace delstep::remote
