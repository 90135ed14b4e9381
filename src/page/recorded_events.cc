#include "page/recorded_events.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/shortened.h"

namespace delstep {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

Error CannotRead(const std::string& file) {
  return BadFile(fmt::format("cannot read '{}': {}", file, std::strerror(errno)),
                 "give the folder of a run that was recorded with --out");
}

}  // namespace

Result<void> RecordedEvents::OpenFile() {
  const int descriptor = open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return CannotRead(file_);
  descriptor_ = {new int(descriptor), [](const int* opened) {
                   close(*opened);
                   delete opened;
                 }};
  return {};
}

// Read and not mapped: to look at what is no longer there of a mapped file ends the program.
Result<void> RecordedEvents::Read(std::uint64_t from, std::size_t bytes, std::string& to) const {
  const std::size_t before = to.size();
  to.resize(before + bytes);
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t got = pread(*descriptor_, to.data() + before + done, bytes - done,
                              static_cast<off_t>(from + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead(file_);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  to.resize(before + done);
  return {};
}

Result<RecordedEvents> RecordedEvents::Open(const std::filesystem::path& file,
                                            const LineSeen& line) {
  RecordedEvents events;
  events.file_ = file.string();
  DELSTEP_TRY(events.OpenFile());
  std::string text;  // the beginning of a line, and the block after it
  for (std::uint64_t at = 0;;) {
    const std::size_t kept = text.size();
    DELSTEP_TRY(events.Read(at, kBlock, text));
    if (text.size() == kept) break;
    at += text.size() - kept;
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n', kept); end != std::string::npos;
         end = text.find('\n', begin)) {
      if (Result<void> seen = line(std::string_view(text).substr(begin, end - begin)); !seen)
        return std::move(seen).error().At(events.PlaceOf(events.count()));
      events.begins_.push_back(events.begins_.back() + end + 1 - begin);
      begin = end + 1;
    }
    text.erase(0, begin);
  }
  // The last line may be cut off where the program was killed: then it is none.
  events.is_cut_off_ = !text.empty();
  return events;
}

std::string RecordedEvents::PlaceOf(std::uint64_t number) const {
  return fmt::format("{}:{}", file_, number + 1);
}

Result<EventLog::Answer> RecordedEvents::Range(const EventLog::Question& question) const {
  EventLog::Answer answer{
      .first = std::min(question.since, count()), .next = 0, .oldest = 0, .list = "["};
  const std::uint64_t first = answer.first;
  std::uint64_t end = first;
  // The answer is as long as its lines with their ends: a comma stands for each.
  while (end < count() && end - first < question.events &&
         (end == first || begins_[end + 1] - 1 - begins_[first] <= question.bytes))
    ++end;
  answer.next = end;
  const auto bytes = static_cast<std::size_t>(begins_[end] - begins_[first]);
  DELSTEP_TRY(Read(begins_[first], bytes, answer.list));
  if (answer.list.size() != bytes + 1)
    return BadFile(fmt::format("'{}' has fewer lines than when it was opened: it was cut short, or "
                               "another file is being copied over it",
                               file_),
                   "begin `delstep view` anew when the file is whole");
  for (std::uint64_t at = first; at < end; ++at) {
    const auto begin = static_cast<std::size_t>(begins_[at] - begins_[first]) + 1;
    const auto after = static_cast<std::size_t>(begins_[at + 1] - begins_[first]);
    const auto line = std::string_view(answer.list).substr(begin, after - begin);
    if (!nlohmann::json::accept(line)) return NoEvent(line).At(PlaceOf(at));
    answer.list[after] = ',';
  }
  if (bytes == 0) answer.list += ']';
  answer.list.back() = ']';
  return answer;
}

Error NoEvent(std::string_view line) {
  return BadFile(fmt::format("{} is no event", Excerpt(line)),
                 "the file is damaged: copy it again, or play script.del again");
}

}  // namespace delstep
