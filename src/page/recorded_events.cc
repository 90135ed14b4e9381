#include "page/recorded_events.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/shortened.h"
#include "base/utf8.h"

namespace delstep {

Result<void> RecordedEvents::OpenFile(const std::filesystem::path& file) {
  begins_ = {0};
  const auto failed = [&] {
    return BadFile(fmt::format("cannot read '{}': {}", file.string(), std::strerror(errno)),
                   "give the folder of a run that was recorded with --out");
  };
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed();
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || status.st_size == 0) {
    close(descriptor);
    if (status.st_size == 0) return {};
    return failed();
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  size_ = size;
  // Mapped, not read: of gigabytes the system keeps in memory what pages look at.
  void* mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  close(descriptor);
  if (mapped == MAP_FAILED) return failed();
  bytes_ = {static_cast<const char*>(mapped),
            [size](const char* bytes) { munmap(const_cast<char*>(bytes), size); }};
  const char* begin = bytes_.get();
  const char* end = begin + size;
  // The last line may be cut off where the program was killed: then it is none.
  for (const char* at = begin; at < end;) {
    const auto* line_end =
        static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (line_end == nullptr) break;
    at = line_end + 1;
    begins_.push_back(static_cast<std::uint64_t>(at - begin));
  }
  return {};
}

std::string_view RecordedEvents::LineAt(std::uint64_t number) const {
  const std::uint64_t begin = begins_[number];
  return {bytes_.get() + begin, begins_[number + 1] - begin - 1};
}

bool RecordedEvents::IsObject(std::string_view line) {
  return line.starts_with('{') && nlohmann::json::accept(line);
}

Error RecordedEvents::Damaged(const std::filesystem::path& file, std::uint64_t number) const {
  return BadFile(Excerpt(LineAt(number)) + " is no event",
                 "the record is damaged; play script.del beside it again")
      .At(fmt::format("{}:{}", Printable(file.string()), number + 1));
}

EventLog::Answer RecordedEvents::Range(const EventLog::Question& question) const {
  EventLog::Answer answer{
      .first = std::min(question.since, count()), .next = 0, .oldest = 0, .list = "["};
  std::uint64_t at = answer.first;
  for (; at < count() && at - answer.first < question.events; ++at) {
    const std::string_view line = LineAt(at);
    if (at > answer.first && answer.list.size() + line.size() > question.bytes) break;
    if (at > answer.first) answer.list += ',';
    answer.list += line;
  }
  answer.next = at;
  answer.list += ']';
  return answer;
}

}  // namespace delstep
