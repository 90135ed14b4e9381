// What a helper program says, line by line: nothing crashes, nothing is believed that cannot be, and
// every message ends at most once. The same bytes are read as a saved network too.
#include <cstdint>
#include <set>
#include <string_view>

#include "base/text.h"
#include "network/remote/on_the_way.h"
#include "network/remote/protocol.h"
#include "network/remote/saved.h"
#include "require.h"

namespace delstep {
namespace {

using namespace remote;

constexpr std::uint64_t kMessages = 8;

void PlayAnswers(std::string_view text) {
  OnTheWay flights;
  for (std::uint64_t id = 0; id < kMessages; ++id)
    flights.Send({MessageId{id}, NodeId{0}, NodeId{1}, 100}, SimTime(Duration(id / 2)));
  SimTime now(Duration(3));
  std::set<std::uint64_t> ended;
  for (const std::string_view line : Split(text, '\n')) {
    const auto answer = ReadAnswer(line, flights.size());
    if (!answer) {
      Require(answer.error().code == ErrorCode::kUnavailable, "an answer is bad in one way");
      continue;
    }
    const auto* passing = std::get_if<Passing>(&*answer);
    if (!passing || passing->now < now) continue;
    const auto passage = flights.Check(*passing, now);
    if (!passage) continue;
    const std::size_t before = flights.size();
    flights.End(*passage);
    Require(flights.size() + passage->size() == before, "none is lost");
    for (const Outcome& outcome : *passage) {
      Require(ended.insert(static_cast<std::uint64_t>(outcome.message.id)).second, "ends once");
      Require(outcome.sent <= outcome.at && now <= outcome.at && outcome.at <= passing->now,
              "ends in its time");
    }
    now = passing->now;
  }
}

void PlaySaved(std::string_view bytes) {
  const auto saved = ReadSaved(bytes, [](NodeId) { return true; });
  if (!saved) {
    Require(saved.error().code == ErrorCode::kFile, "bytes are bad in one way");
    return;
  }
  Require(WriteSaved(*saved) == bytes, "what is read is what was written");
}

}  // namespace
}  // namespace delstep

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  delstep::PlayAnswers(text);
  delstep::PlaySaved(text);
  return 0;
}
