#include "base/pipe.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace delstep {
namespace {

class OwnDescriptor {
 public:
  explicit OwnDescriptor(int number) : number_(number) {}
  ~OwnDescriptor() {
    if (number_ >= 0) close(number_);
  }
  OwnDescriptor(const OwnDescriptor&) = delete;
  OwnDescriptor& operator=(const OwnDescriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

bool IsPipe(const std::filesystem::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool IsStandardInput(const std::filesystem::path& path) {
  struct stat input {
  }, other{};
  return fstat(STDIN_FILENO, &input) == 0 && stat(path.c_str(), &other) == 0 &&
         input.st_dev == other.st_dev && input.st_ino == other.st_ino;
}

Result<std::string> ReadPipe(const std::filesystem::path& path, std::size_t most,
                             std::stop_token stop) {
  const auto failed = [&](int reason) {
    return BadFile(fmt::format("cannot read '{}': {}", path.string(), std::strerror(reason)));
  };
  // Without O_NONBLOCK the open of a named pipe would wait for a writer, and no stop would end it.
  const OwnDescriptor pipe(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (pipe.number() < 0) return failed(errno);
  const OwnDescriptor stopped(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (stopped.number() < 0) return failed(errno);
  const std::stop_callback rouse(std::move(stop), [&] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(stopped.number(), &one, sizeof one);
  });
  std::string text;
  char part[1 << 16];
  for (;;) {
    pollfd waits[2] = {{pipe.number(), POLLIN, 0}, {stopped.number(), POLLIN, 0}};
    if (poll(waits, 2, -1) < 0) continue;  // EINTR
    if (waits[1].revents != 0)
      return Interrupted(fmt::format("stopped while it waited for '{}'", path.string()));
    const auto size = read(pipe.number(), part, sizeof part);
    if (size == 0) return text;
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (size < 0) return failed(errno);
    if (static_cast<std::size_t>(size) > most - text.size())
      return BadFile(fmt::format("'{}' brings more than {}, the most that is read of it",
                                 path.string(), HumanBytes(most)));
    text.append(part, static_cast<std::size_t>(size));
  }
}

}  // namespace delstep
