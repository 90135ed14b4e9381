#include "data/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

namespace delstep {
namespace {

std::string Reason(int error) { return std::generic_category().message(error); }

}  // namespace

Result<FileSource> FileSource::Open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return BadFile(fmt::format("cannot open '{}': {}", path.string(), Reason(errno)), {},
                   "check the path and its permissions, or data.path");
  }
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  FileSource source(path.string(), descriptor,
                    known ? static_cast<std::uint64_t>(status.st_size) : 0);
  if (!known) return BadFile(fmt::format("cannot read '{}': {}", path.string(), Reason(errno)));
  if (!S_ISREG(status.st_mode)) {
    return BadFile(fmt::format("'{}' is {}, expected a regular file", path.string(),
                               S_ISDIR(status.st_mode) ? "a folder" : "a device or pipe"),
                   {}, "name the file itself");
  }
  return source;
}

FileSource::FileSource(std::string name, int descriptor, std::uint64_t size)
    : ByteSource(std::move(name)), descriptor_(descriptor), remaining_(size) {}

FileSource::FileSource(FileSource&& other) noexcept
    : ByteSource(other.name()),
      descriptor_(std::exchange(other.descriptor_, -1)),
      remaining_(other.remaining_) {}

FileSource::~FileSource() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> FileSource::Read(std::span<std::uint8_t> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = ::read(descriptor_, into.data() + done, into.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return BadFile(fmt::format("cannot read '{}': {}", name(), Reason(errno)));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  remaining_ -= std::min<std::uint64_t>(remaining_, done);
  return done;
}

Result<std::size_t> MemorySource::Read(std::span<std::uint8_t> into) {
  const std::size_t count = std::min(into.size(), left_.size());
  std::copy_n(left_.begin(), count, into.begin());
  left_ = left_.subspan(count);
  return count;
}

bool IsGzip(std::span<const std::uint8_t> first_bytes) {
  return first_bytes.size() >= 2 && first_bytes[0] == 0x1f && first_bytes[1] == 0x8b;
}

GzipSource::GzipSource(ByteSource& packed, std::span<const std::uint8_t> first_bytes)
    : ByteSource(packed.name()), packed_(packed), taken_(first_bytes.size()) {
  assert(first_bytes.size() <= kBufferSize);
  std::copy(first_bytes.begin(), first_bytes.end(), buffer_.begin());
  stream_.next_in = buffer_.data();
  stream_.avail_in = static_cast<uInt>(first_bytes.size());
  constexpr int kLargestWindow = 15, kGzipOnly = 16;
  ready_ = inflateInit2(&stream_, kLargestWindow + kGzipOnly) == Z_OK;
}

GzipSource::~GzipSource() {
  if (ready_) inflateEnd(&stream_);
}

Result<void> GzipSource::Refill() {
  DELSTEP_ASSIGN(const std::size_t got, packed_.Read(buffer_));
  taken_ += got;
  stream_.next_in = buffer_.data();
  stream_.avail_in = static_cast<uInt>(got);
  return {};
}

Error GzipSource::Broken(const std::string& what) const {
  return BadFile(fmt::format("'{}', byte {} of the compressed file: {}", name(),
                             taken_ - stream_.avail_in, what),
                 {}, "the file was damaged on its way: fetch it again (`./dev setup`)");
}

Result<std::size_t> GzipSource::Read(std::span<std::uint8_t> into) {
  if (!ready_) return Broken("no memory to unpack it");
  std::size_t done = 0;
  while (done < into.size()) {
    if (stream_.avail_in == 0) {
      DELSTEP_TRY(Refill());
      if (stream_.avail_in == 0) {
        if (in_member_) return Broken("the file ends early, expected more gzip data");
        break;
      }
    }
    if (!in_member_) {
      inflateReset(&stream_);
      in_member_ = true;
    }
    const auto room = static_cast<uInt>(
        std::min<std::size_t>(into.size() - done, std::numeric_limits<int>::max()));
    stream_.next_out = into.data() + done;
    stream_.avail_out = room;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    done += room - stream_.avail_out;
    if (status == Z_STREAM_END) {
      in_member_ = false;
    } else if (status != Z_OK) {
      return Broken(fmt::format("found {}, expected valid gzip data",
                                stream_.msg != nullptr ? stream_.msg : "corrupt data"));
    }
  }
  return done;
}

}  // namespace delstep
