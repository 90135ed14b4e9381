#include "archive/byte_source.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include "archive/open_regular.h"
#include "base/text.h"

namespace delstep {
namespace {

std::string Reason(int error) { return std::generic_category().message(error); }

}  // namespace

Result<FileSource> FileSource::Open(const std::filesystem::path& path, std::string_view takes) {
  DELSTEP_ASSIGN(const OpenFile file, OpenRegular(path, takes));
  return FileSource(path.string(), file.descriptor, file.size);
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

InflateSource::InflateSource(ByteSource& packed, Packing packing,
                             std::span<const std::uint8_t> first_bytes)
    : ByteSource(packed.name()), packed_(packed), packing_(packing), taken_(first_bytes.size()) {
  assert(first_bytes.size() <= kBufferSize);
  std::copy(first_bytes.begin(), first_bytes.end(), buffer_.begin());
  stream_.next_in = buffer_.data();
  stream_.avail_in = static_cast<uInt>(first_bytes.size());
  // zlib's way to say: gzip with header, or raw deflate (negative) as in zip files.
  constexpr int kLargestWindow = 15, kGzipOnly = 16;
  const int window = packing == Packing::kGzip ? kLargestWindow + kGzipOnly : -kLargestWindow;
  ready_ = inflateInit2(&stream_, window) == Z_OK;
}

InflateSource::~InflateSource() {
  if (ready_) inflateEnd(&stream_);
}

Result<void> InflateSource::Refill() {
  DELSTEP_ASSIGN(const std::size_t got, packed_.Read(buffer_));
  taken_ += got;
  stream_.next_in = buffer_.data();
  stream_.avail_in = static_cast<uInt>(got);
  return {};
}

Error InflateSource::Broken(const std::string& what) const {
  return BadFile(
      fmt::format("'{}', byte {} of the compressed {}: {}", name(), taken_ - stream_.avail_in,
                  packing_ == Packing::kGzip ? "file" : "entry", what),
      "the file was damaged on its way: fetch or write it again");
}

/// Makes sure that there is something to inflate; false at the end.
Result<bool> InflateSource::FindNextMember() {
  if (!in_member_ && packing_ == Packing::kDeflate) return false;
  if (stream_.avail_in == 0) {
    DELSTEP_TRY(Refill());
    if (stream_.avail_in == 0) {
      if (in_member_) return Broken("the data end early, expected more of them");
      return false;
    }
  }
  // A gzip file may be several, one after the other: their contents belong together.
  if (!in_member_) inflateReset(&stream_);
  in_member_ = true;
  return true;
}

Result<std::size_t> InflateSource::Read(std::span<std::uint8_t> into) {
  if (!ready_) return Broken("no memory to unpack it");
  std::size_t done = 0;
  while (done < into.size()) {
    DELSTEP_ASSIGN(const bool more, FindNextMember());
    if (!more) break;
    const auto room = static_cast<uInt>(
        std::min<std::size_t>(into.size() - done, std::numeric_limits<int>::max()));
    stream_.next_out = into.data() + done;
    stream_.avail_out = room;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    done += room - stream_.avail_out;
    if (status == Z_STREAM_END) {
      in_member_ = false;
    } else if (status != Z_OK) {
      return Broken(fmt::format("found {}, expected valid compressed data",
                                stream_.msg != nullptr ? stream_.msg : "corrupt data"));
    }
  }
  return done;
}

Result<std::uint64_t> Append(ByteSource& source, std::uint64_t count, ByteBuffer& into) {
  constexpr std::uint64_t kFirstStep = 65536;
  if (const auto left = source.remaining()) count = std::min(count, *left);
  std::uint64_t done = 0;
  while (done < count) {
    // Where the size is unknown memory grows with what has really come: a header that claims
    // terabytes does not get them.
    const std::uint64_t step =
        source.remaining() ? count : std::min(count - done, std::max(kFirstStep, done));
    const std::span<std::uint8_t> room = into.Extend(step);
    if (room.empty()) {
      return BadFile(fmt::format("'{}': no memory for {}", source.name(), HumanBytes(count)),
                     "free some memory or use a smaller data set");
    }
    DELSTEP_ASSIGN(const std::size_t got, source.Read(room));
    done += got;
    if (got < room.size()) break;
  }
  return done;
}

}  // namespace delstep
