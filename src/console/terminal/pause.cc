#include "console/terminal/pause.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "console/terminal/terminal_lines.h"

namespace delstep {

std::optional<std::string> AwaitLine(int input, std::stop_token stop) {
  // The stop comes from another thread, which cannot end a read(): it makes a descriptor readable.
  const int wake = eventfd(0, EFD_CLOEXEC);
  if (wake < 0) return std::nullopt;
  std::string line;
  bool entered = false;
  {
    const std::stop_callback rouse(std::move(stop), [wake] {
      const std::uint64_t one = 1;
      [[maybe_unused]] const auto written = write(wake, &one, sizeof one);
    });
    char byte = 0;
    while (!entered && WaitForInput(input, wake)) {
      const auto count = read(input, &byte, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      entered = byte == '\n';
      if (!entered) line += byte;
    }
  }
  close(wake);
  if (!entered) return std::nullopt;
  return line;
}

}  // namespace delstep
