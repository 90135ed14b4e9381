#include "archive/zip_content.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace delstep {

ZipContent::~ZipContent() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> ZipContent::ReadAt(std::uint64_t offset, std::span<std::uint8_t> into) const {
  // Asked as a difference: offset + size of a hostile file may overflow.
  if (offset > size_ || into.size() > size_ - offset) {
    return Wrong(offset, fmt::format("the file ends after {} bytes, expected {} more from here",
                                     size_, into.size()));
  }
  if (descriptor_ < 0) {
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), into.size(), into.begin());
    return {};
  }
  for (std::size_t done = 0; done < into.size();) {
    // pread has no position of its own, so entries can be read side by side.
    const ssize_t got = ::pread(descriptor_, into.data() + done, into.size() - done,
                                static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return BadFile(
          fmt::format("cannot read '{}': {}", name_,
                      got < 0 ? std::generic_category().message(errno) : "it was cut short"));
    }
    done += static_cast<std::size_t>(got);
  }
  return {};
}

Error ZipContent::Wrong(std::uint64_t offset, const std::string& what) const {
  return BadFile(fmt::format("'{}', byte {}: {}", name_, offset, what),
                 "the file is damaged or no zip file: fetch or write it again");
}

}  // namespace delstep
