#include <zlib.h>

#include <algorithm>
#include <cassert>

#include "archive/zip.h"
#include "archive/zip_format.h"
#include "base/crc32.h"

namespace delstep {
namespace {

constexpr std::uint16_t kVersion = 45;                   // that of zip64
constexpr std::uint32_t kNoTime = (1u << 5 | 1u) << 16;  // 1980-01-01, 0:00
constexpr std::uint16_t kPaddingField = 0x4244;          // an extra field that readers pass over

template <class T>
void Put(std::string& text, std::initializer_list<T> values) {
  for (const T value : values)
    for (std::size_t i = 0; i < sizeof(T); ++i) text += static_cast<char>(value >> 8 * i);
}
void Put16(std::string& text, std::initializer_list<std::uint16_t> values) { Put(text, values); }
void Put32(std::string& text, std::initializer_list<std::uint32_t> values) { Put(text, values); }
void Put64(std::string& text, std::initializer_list<std::uint64_t> values) { Put(text, values); }

/// What stands in a field of 32 bits: the value, or the mark that it is in a zip64 field.
std::uint32_t Short(std::uint64_t value) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, zip::kSee64));
}

/// Raw deflate of the parts, in memory.
std::string Deflate(std::span<const std::span<const std::byte>> parts) {
  z_stream stream{};
  const int ready =
      deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  assert(ready == Z_OK);
  static_cast<void>(ready);
  std::string packed;
  char room[65536];
  for (std::size_t part = 0, done = 0; part <= parts.size();) {
    const bool last = part == parts.size();
    if (!last && stream.avail_in == 0) {
      const std::size_t step = std::min<std::size_t>(parts[part].size() - done, 1u << 30);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(parts[part].data() + done));
      stream.avail_in = static_cast<uInt>(step);
      done += step;
    }
    stream.next_out = reinterpret_cast<Bytef*>(room);
    stream.avail_out = sizeof room;
    const int status = deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
    packed.append(room, sizeof room - stream.avail_out);
    if (status == Z_STREAM_END) break;
    if (!last && stream.avail_in == 0 && done == parts[part].size()) {
      ++part;
      done = 0;
    }
  }
  deflateEnd(&stream);
  return packed;
}

}  // namespace

void ZipWriter::Write(std::string_view bytes) {
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  written_ += bytes.size();
}

std::string ZipWriter::LocalHeader(const ZipEntry& entry, std::size_t alignment) const {
  std::string extra;
  if (std::max(entry.size, entry.packed_size) >= zip::kSee64) {
    Put16(extra, {zip::kZip64Field, 16});
    Put64(extra, {entry.size, entry.packed_size});
  }
  const std::uint64_t begin = written_ + zip::kLocalHeaderSize + entry.name.size() + extra.size();
  if (begin % alignment != 0) {
    // The four bytes are the head of the padding field itself.
    const std::size_t room = alignment - (begin + 4) % alignment;
    Put16(extra, {kPaddingField, static_cast<std::uint16_t>(room)});
    extra.append(room, '\0');
  }
  const bool large = std::max(entry.size, entry.packed_size) >= zip::kSee64;
  std::string header;
  Put32(header, {zip::kLocalHeader});
  Put16(header, {kVersion, zip::kUtf8Name, entry.method});
  Put32(header, {kNoTime, entry.check_sum, large ? zip::kSee64 : Short(entry.packed_size),
                 large ? zip::kSee64 : Short(entry.size)});
  Put16(header,
        {static_cast<std::uint16_t>(entry.name.size()), static_cast<std::uint16_t>(extra.size())});
  return header + entry.name + extra;
}

void ZipWriter::Add(std::string_view name, std::span<const std::span<const std::byte>> parts,
                    const ZipOptions& options) {
  assert(name.size() <= 0xffff && options.alignment >= 1 && options.alignment <= 4096);
  ZipEntry entry;
  entry.name = name;
  entry.offset = written_;
  entry.method = options.deflate ? zip::kDeflated : zip::kStored;
  for (const auto part : parts) {
    entry.size += part.size();
    entry.check_sum = Crc32(part, entry.check_sum);
  }
  // Packed in memory first: the header before it tells the size.
  const std::string packed = options.deflate ? Deflate(parts) : "";
  entry.packed_size = options.deflate ? packed.size() : entry.size;
  Write(LocalHeader(entry, options.alignment));
  if (options.deflate) {
    Write(packed);
  } else {
    for (const auto part : parts) Write({reinterpret_cast<const char*>(part.data()), part.size()});
  }
  entries_.push_back(std::move(entry));
}

std::uint64_t ZipWriter::Reserve(std::string_view name, std::uint64_t size) {
  assert(name.size() <= 0xffff);
  ZipEntry entry;
  entry.name = name;
  entry.offset = written_;
  entry.method = zip::kStored;
  entry.size = entry.packed_size = size;
  Write(LocalHeader(entry, 1));
  const std::uint64_t begin = written_;
  out_.seekp(static_cast<std::streamoff>(size), std::ios::cur);
  written_ += size;
  entries_.push_back(std::move(entry));
  return begin;
}

// The header stands before the content and tells its check sum: it is written once more.
void ZipWriter::SetCheckSum(std::uint32_t check_sum) {
  ZipEntry& entry = entries_.back();
  entry.check_sum = check_sum;
  out_.seekp(static_cast<std::streamoff>(entry.offset));
  const std::string header = LocalHeader(entry, 1);
  out_.write(header.data(), static_cast<std::streamsize>(header.size()));
  out_.seekp(static_cast<std::streamoff>(written_));
}

void ZipWriter::Finish() {
  const std::uint64_t begin = written_;
  for (const ZipEntry& entry : entries_) {
    std::string extra;
    for (const std::uint64_t value : {entry.size, entry.packed_size, entry.offset})
      if (value >= zip::kSee64) Put64(extra, {value});
    if (!extra.empty()) {
      std::string field;
      Put16(field, {zip::kZip64Field, static_cast<std::uint16_t>(extra.size())});
      extra = field + extra;
    }
    std::string header;
    Put32(header, {zip::kCentralHeader});
    Put16(header, {kVersion, kVersion, zip::kUtf8Name, entry.method});
    Put32(header, {kNoTime, entry.check_sum, Short(entry.packed_size), Short(entry.size)});
    Put16(header, {static_cast<std::uint16_t>(entry.name.size()),
                   static_cast<std::uint16_t>(extra.size()), 0, 0, 0});
    Put32(header, {0, Short(entry.offset)});
    Write(header + entry.name + extra);
  }
  const std::uint64_t end = written_, size = end - begin;
  std::string record;
  const auto count =
      static_cast<std::uint16_t>(std::min<std::size_t>(entries_.size(), zip::kSee64Short));
  if (count == zip::kSee64Short || std::max(begin, size) >= zip::kSee64) {
    Put32(record, {zip::kEnd64Record});
    Put64(record, {zip::kEnd64RecordSize - 12});
    Put16(record, {kVersion, kVersion});
    Put32(record, {0, 0});
    Put64(record, {entries_.size(), entries_.size(), size, begin});
    Put32(record, {zip::kEnd64Locator, 0});
    Put64(record, {end});
    Put32(record, {1});
  }
  Put32(record, {zip::kEndRecord});
  Put16(record, {0, 0, count, count});
  Put32(record, {Short(size), Short(begin)});
  Put16(record, {0});
  Write(record);
}

}  // namespace delstep
