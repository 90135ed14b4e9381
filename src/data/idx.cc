#include "data/idx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace delstep {
namespace {

constexpr std::uint8_t kUnsignedByte = 8;
constexpr const char* kFetchAgain =
    "the file is damaged or another one than its name says: fetch it again (`delstep setup` does, "
    "of "
    "MNIST and Fashion-MNIST)";

std::uint32_t BigEndian(std::span<const std::uint8_t> bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | bytes[3];
}

Error Wrong(const ByteSource& source, std::uint64_t offset, const std::string& what) {
  const char* const content = source.remaining() ? "" : " of the unpacked content";
  return BadFile(fmt::format("'{}', byte {}{}: {}", source.name(), offset, content, what),
                 kFetchAgain);
}

Error EndsEarly(const ByteSource& source, std::uint64_t found, const std::string& expected) {
  return Wrong(
      source, found,
      fmt::format("the content ends after {}, expected {}", Count(found, "byte"), expected));
}

std::string DescribeMagic(std::span<const std::uint8_t> magic) {
  const std::string number = fmt::format("0x{:08x}", BigEndian(magic));
  if (magic[0] != 0 || magic[1] != 0) return number + " (no idx file)";
  return fmt::format("{} (idx of type 0x{:02x} with {})", number, magic[2],
                     Count(magic[3], "dimension"));
}

Result<void> CheckMagic(const ByteSource& source, IdxKind kind,
                        std::span<const std::uint8_t> magic) {
  const std::array<std::uint8_t, 4> expected = {0, 0, kUnsignedByte,
                                                static_cast<std::uint8_t>(kind)};
  if (std::ranges::equal(magic, expected)) return {};
  return Wrong(
      source, 0,
      fmt::format("found the magic number {}, expected {} for {}", DescribeMagic(magic),
                  DescribeMagic(expected), kind == IdxKind::kImages ? "images" : "labels"));
}

Result<IdxShape> DecodeShape(const ByteSource& source, IdxKind kind,
                             std::span<const std::uint8_t> header) {
  IdxShape shape;
  const std::array<std::uint32_t*, 3> sizes = {&shape.count, &shape.rows, &shape.columns};
  for (std::size_t d = 0; d < static_cast<std::size_t>(kind); ++d) {
    const std::size_t offset = 4 + 4 * d;
    *sizes[d] = BigEndian(header.subspan(offset, 4));
    if (*sizes[d] == 0) {
      return Wrong(source, offset,
                   fmt::format("found size 0 of dimension {}, expected at least 1", d + 1));
    }
  }
  if (std::uint64_t{shape.count} * shape.rows > UINT64_MAX / shape.columns) {
    return Wrong(source, 4,
                 fmt::format("found {} images of {} x {} bytes, expected less than 2^64 bytes",
                             shape.count, shape.rows, shape.columns));
  }
  return shape;
}

std::string DescribeSize(IdxKind kind, const IdxShape& shape) {
  const std::string values = Count(shape.size(), "byte") + " after the header";
  if (kind == IdxKind::kLabels) return values + fmt::format(" ({})", Count(shape.count, "label"));
  return values +
         fmt::format(" ({} of {} x {})", Count(shape.count, "image"), shape.rows, shape.columns);
}

Result<void> ReadValues(ByteSource& source, IdxKind kind, const IdxShape& shape, ByteBuffer& into) {
  const std::uint64_t header = IdxHeaderSize(kind), total = shape.size();
  // Both numbers count from the front of the file.
  const std::string expected =
      fmt::format("{}, a header of {} and {}", header + total, header, DescribeSize(kind, shape));
  if (const auto left = source.remaining(); left && *left < total)
    return EndsEarly(source, header + *left, expected);
  DELSTEP_ASSIGN(const std::uint64_t got, Append(source, total, into));
  if (got < total) return EndsEarly(source, header + got, expected);
  return {};
}

/// For gzip this also reads the trailer, and so checks the sum.
Result<void> ExpectEnd(ByteSource& source, IdxKind kind, const IdxShape& shape) {
  const auto left = source.remaining();
  std::uint8_t extra;
  // A file that goes on is another one than its header says.
  DELSTEP_ASSIGN(const std::size_t got, source.Read({&extra, 1}));
  if (got == 0) return {};
  return Wrong(
      source, IdxHeaderSize(kind) + shape.size(),
      fmt::format("found {}, expected the end after {}",
                  left ? Count(*left, "more byte") : "more bytes", DescribeSize(kind, shape)));
}

/// `header` holds what was already read of it, `have` bytes.
Result<IdxShape> ReadContent(ByteSource& source, IdxKind kind, std::span<std::uint8_t> header,
                             std::size_t have, ByteBuffer& into) {
  DELSTEP_ASSIGN(const std::size_t got, source.Read(header.subspan(have)));
  have += got;
  // Before the length: a file of another kind should be told as such, not as too short.
  if (have >= 4) DELSTEP_TRY(CheckMagic(source, kind, header.first(4)));
  if (have < header.size())
    return EndsEarly(source, have, fmt::format("a header of {}", Count(header.size(), "byte")));
  DELSTEP_ASSIGN(const IdxShape shape, DecodeShape(source, kind, header));
  DELSTEP_TRY(ReadValues(source, kind, shape, into));
  DELSTEP_TRY(ExpectEnd(source, kind, shape));
  return shape;
}

Result<IdxShape> ReadIdx(ByteSource& source, IdxKind kind, ByteBuffer& into) {
  std::array<std::uint8_t, IdxHeaderSize(IdxKind::kImages)> space{};
  const std::span<std::uint8_t> header = std::span(space).first(IdxHeaderSize(kind));
  DELSTEP_ASSIGN(const std::size_t have, source.Read(header.first(4)));
  if (!IsGzip(header.first(have))) return ReadContent(source, kind, header, have, into);
  InflateSource unpacked(source, Packing::kGzip, header.first(have));
  return ReadContent(unpacked, kind, header, 0, into);
}

}  // namespace

Result<IdxShape> ReadIdxFile(const std::filesystem::path& path, IdxKind kind, ByteBuffer& into) {
  DELSTEP_ASSIGN(FileSource source, FileSource::Open(path, "gzip"));
  return ReadIdx(source, kind, into);
}

Result<IdxShape> ParseIdx(std::span<const std::uint8_t> content, const std::string& name,
                          IdxKind kind, ByteBuffer& into) {
  MemorySource source(name, content);
  return ReadIdx(source, kind, into);
}

}  // namespace delstep
