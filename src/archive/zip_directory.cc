#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "archive/zip_content.h"
#include "archive/zip_format.h"

namespace delstep {
namespace {

/// Finds and reads the directory of entries, which lies at the end.
class Directory {
 public:
  explicit Directory(const ZipContent& content) : content_(content) {}

  Result<std::vector<ZipEntry>> Read() {
    DELSTEP_TRY(FindEnd());
    if (begin_ > end_ || size_ > end_ - begin_) {
      return content_.Wrong(end_, fmt::format("found a directory of {} bytes at byte {}, expected "
                                              "one that ends before here",
                                              size_, begin_));
    }
    if (count_ > size_ / zip::kCentralHeaderSize) {
      return content_.Wrong(
          end_, fmt::format("found a directory of {} bytes for {} entries", size_, count_));
    }
    bytes_.resize(size_);
    DELSTEP_TRY(content_.ReadAt(begin_, bytes_));
    std::vector<ZipEntry> entries;
    std::unordered_set<std::string> names;
    for (std::uint64_t i = 0; i < count_; ++i) {
      DELSTEP_ASSIGN(ZipEntry entry, ReadEntry());
      if (!names.insert(entry.name).second)
        return content_.Wrong(begin_ + at_, fmt::format("found two entries '{}'", entry.name));
      entries.push_back(std::move(entry));
    }
    return entries;
  }

 private:
  /// The end record is the last of the file, but for a comment of up to 65535 bytes.
  Result<void> FindEnd() {
    const std::uint64_t size = content_.size();
    std::vector<std::uint8_t> tail(std::min<std::uint64_t>(size, zip::kEndRecordSize + 0xffff));
    DELSTEP_TRY(content_.ReadAt(size - tail.size(), tail));
    // From the back: a comment may hold what looks like an end record.
    for (std::size_t at = tail.size(); at-- > 0;) {
      if (tail.size() - at < zip::kEndRecordSize || zip::Read32(tail, at) != zip::kEndRecord)
        continue;
      if (tail.size() - at - zip::kEndRecordSize < zip::Read16(tail, at + 20)) continue;
      end_ = size - tail.size() + at;
      return ReadEnd(std::span(tail).subspan(at));
    }
    return content_.Wrong(size, "found no end of a zip file, expected one here");
  }

  Result<void> ReadEnd(std::span<const std::uint8_t> record) {
    count_ = zip::Read16(record, 10);
    size_ = zip::Read32(record, 12);
    begin_ = zip::Read32(record, 16);
    if (zip::Read16(record, 4) != 0 && zip::Read16(record, 4) != zip::kSee64Short)
      return content_.Wrong(end_, "found an archive in several parts, expected one file");
    // Values that do not fit are in a second record, which a locator just before this one points
    // to.
    const bool large = count_ == zip::kSee64Short || size_ == zip::kSee64 || begin_ == zip::kSee64;
    if (!large || end_ < zip::kEnd64LocatorSize) return {};
    std::array<std::uint8_t, zip::kEnd64LocatorSize> locator;
    DELSTEP_TRY(content_.ReadAt(end_ - locator.size(), locator));
    if (zip::Read32(locator, 0) != zip::kEnd64Locator) return {};
    const std::uint64_t record64 = zip::Read64(locator, 8);
    std::array<std::uint8_t, zip::kEnd64RecordSize> values;
    DELSTEP_TRY(content_.ReadAt(record64, values));
    if (zip::Read32(values, 0) != zip::kEnd64Record)
      return content_.Wrong(record64, "found no zip64 end record, expected one here");
    count_ = zip::Read64(values, 32);
    size_ = zip::Read64(values, 40);
    begin_ = zip::Read64(values, 48);
    return {};
  }

  Result<ZipEntry> ReadEntry() {
    const std::span<const std::uint8_t> rest = std::span(bytes_).subspan(at_);
    const auto wrong = [&](const char* what) { return content_.Wrong(begin_ + at_, what); };
    if (rest.size() < zip::kCentralHeaderSize) return wrong("the directory ends in an entry");
    if (zip::Read32(rest, 0) != zip::kCentralHeader)
      return wrong("found no entry of the directory");
    const std::size_t name = zip::Read16(rest, 28), extra = zip::Read16(rest, 30),
                      comment = zip::Read16(rest, 32);
    if (rest.size() - zip::kCentralHeaderSize < name + extra + comment)
      return wrong("the directory ends in an entry");
    ZipEntry entry;
    const auto text = rest.subspan(zip::kCentralHeaderSize, name);
    entry.name.assign(text.begin(), text.end());
    entry.encrypted = (zip::Read16(rest, 8) & zip::kEncrypted) != 0;
    entry.method = zip::Read16(rest, 10);
    entry.check_sum = zip::Read32(rest, 16);
    entry.packed_size = zip::Read32(rest, 20);
    entry.size = zip::Read32(rest, 24);
    entry.offset = zip::Read32(rest, 42);
    if (!ReadZip64(rest.subspan(zip::kCentralHeaderSize + name, extra), entry))
      return wrong("found a bad zip64 field");
    at_ += zip::kCentralHeaderSize + name + extra + comment;
    return entry;
  }

  /// The field holds those of three values, in this order, that did not fit in 32 bits.
  static bool ReadZip64(std::span<const std::uint8_t> extra, ZipEntry& entry) {
    while (extra.size() >= 4) {
      const std::uint16_t kind = zip::Read16(extra, 0), size = zip::Read16(extra, 2);
      if (extra.size() - 4 < size) break;
      auto field = extra.subspan(4, size);
      extra = extra.subspan(4 + std::size_t{size});
      if (kind != zip::kZip64Field) continue;
      for (std::uint64_t* const value : {&entry.size, &entry.packed_size, &entry.offset}) {
        if (*value != zip::kSee64) continue;
        if (field.size() < 8) return false;
        *value = zip::Read64(field, 0);
        field = field.subspan(8);
      }
      break;
    }
    return true;
  }

  const ZipContent& content_;
  std::uint64_t begin_ = 0, size_ = 0, count_ = 0, end_ = 0;
  std::vector<std::uint8_t> bytes_;  // of the directory
  std::size_t at_ = 0;               // in bytes_
};

}  // namespace

Result<std::vector<ZipEntry>> ReadZipDirectory(const ZipContent& content) {
  return Directory(content).Read();
}

}  // namespace delstep
