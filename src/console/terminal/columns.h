#pragma once
#include <sys/ioctl.h>

#include <cstddef>

namespace delstep {

/// How wide the terminal of this file descriptor is, in columns; `otherwise` where it is no terminal,
/// or does not say.
inline std::size_t TerminalColumns(int descriptor, std::size_t otherwise) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return otherwise;
  return size.ws_col;
}

}  // namespace delstep
