#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "archive/open_regular.h"
#include "archive/zip.h"
#include "archive/zip_content.h"
#include "archive/zip_format.h"
#include "base/utf8.h"

namespace delstep {
namespace {

/// The packed bytes of an entry.
class Stored final : public ByteSource {
 public:
  Stored(std::string name, const ZipContent& content, std::uint64_t offset, std::uint64_t size)
      : ByteSource(std::move(name)), content_(content), offset_(offset), left_(size) {}

  Result<std::size_t> Read(std::span<std::uint8_t> into) override {
    const auto wanted = into.first(std::min<std::uint64_t>(into.size(), left_));
    DELSTEP_TRY(content_.ReadAt(offset_, wanted));
    offset_ += wanted.size();
    left_ -= wanted.size();
    return wanted.size();
  }
  std::optional<std::uint64_t> remaining() const override { return left_; }

 private:
  const ZipContent& content_;
  std::uint64_t offset_, left_;
};

/// Unpacks an entry and sees to it that it is as long as promised and has the right check sum.
class EntrySource final : public ByteSource {
 public:
  EntrySource(const ZipContent& content, std::uint64_t offset, const ZipEntry& entry)
      : ByteSource(fmt::format("{}: {}", content.name(), Printable(entry.name))),
        stored_(name(), content, offset, entry.packed_size),
        left_(entry.size),
        expected_(entry.check_sum) {
    if (entry.method == zip::kDeflated) unpacked_.emplace(stored_, Packing::kDeflate);
  }

  Result<std::size_t> Read(std::span<std::uint8_t> into) override {
    const auto wanted = into.first(std::min<std::uint64_t>(into.size(), left_));
    ByteSource& source = unpacked_ ? static_cast<ByteSource&>(*unpacked_) : stored_;
    DELSTEP_ASSIGN(const std::size_t got, source.Read(wanted));
    if (got < wanted.size())
      return Wrong(fmt::format("the entry ends early, expected {} more bytes", left_ - got));
    check_sum_ = static_cast<std::uint32_t>(crc32_z(check_sum_, wanted.data(), got));
    left_ -= got;
    // Checked with the last byte: whoever has read all may trust all.
    if (left_ == 0) DELSTEP_TRY(CheckEnd(source));
    return got;
  }
  /// Of a deflated entry the directory's word is not enough.
  std::optional<std::uint64_t> remaining() const override {
    return unpacked_ ? std::nullopt : std::optional(left_);
  }

 private:
  Result<void> CheckEnd(ByteSource& source) {
    std::uint8_t extra;
    DELSTEP_ASSIGN(const std::size_t more, source.Read({&extra, 1}));
    if (more > 0) return Wrong("the entry is longer than the directory says");
    if (check_sum_ != expected_) {
      return Wrong(
          fmt::format("found the check sum {:08x}, expected {:08x}", check_sum_, expected_));
    }
    return {};
  }
  Error Wrong(const std::string& what) const {
    return BadFile(fmt::format("'{}': {}", name(), what),
                   "the file is damaged: fetch or write it again");
  }

  Stored stored_;
  std::optional<InflateSource> unpacked_;
  std::uint64_t left_;
  std::uint32_t check_sum_ = 0, expected_;
};

}  // namespace

ZipReader::ZipReader(std::unique_ptr<const ZipContent> content) : content_(std::move(content)) {}
ZipReader::ZipReader(ZipReader&&) noexcept = default;
ZipReader::~ZipReader() = default;
const std::string& ZipReader::name() const { return content_->name(); }

Result<ZipReader> ZipReader::Open(const std::filesystem::path& path) {
  DELSTEP_ASSIGN(const OpenFile file, OpenRegular(path, "zip"));
  return Read(std::make_unique<const ZipContent>(path.string(), file.descriptor, file.size));
}

Result<ZipReader> ZipReader::Parse(std::span<const std::uint8_t> content, std::string name) {
  return Read(std::make_unique<const ZipContent>(std::move(name), content));
}

Result<ZipReader> ZipReader::Read(std::unique_ptr<const ZipContent> content) {
  ZipReader reader(std::move(content));
  DELSTEP_ASSIGN(reader.entries_, ReadZipDirectory(*reader.content_));
  return reader;
}

const ZipEntry* ZipReader::Find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &ZipEntry::name);
  return found == entries_.end() ? nullptr : &*found;
}

Result<std::uint64_t> ZipReader::BeginOf(const ZipEntry& entry) const {
  std::array<std::uint8_t, zip::kLocalHeaderSize> header;
  DELSTEP_TRY(content_->ReadAt(entry.offset, header));
  if (zip::Read32(header, 0) != zip::kLocalHeader)
    return content_->Wrong(entry.offset, fmt::format("found no entry '{}'", entry.name));
  // The local header may have other extra fields than the directory: its own lengths count.
  const std::uint64_t begin =
      entry.offset + header.size() + zip::Read16(header, 26) + zip::Read16(header, 28);
  if (begin > content_->size() || entry.packed_size > content_->size() - begin)
    return content_->Wrong(begin, fmt::format("the file ends in the entry '{}'", entry.name));
  return begin;
}

Result<std::unique_ptr<ByteSource>> ZipReader::Read(const ZipEntry& entry) const {
  const auto cannot = [&](const std::string& why, const char* hint) {
    return BadFile(fmt::format("'{}: {}' {}", name(), entry.name, why), hint);
  };
  if (entry.encrypted) return cannot("is encrypted", "save the archive without a password");
  if (entry.method != zip::kStored && entry.method != zip::kDeflated) {
    return cannot(
        fmt::format("is packed by method {}, which is neither stored nor deflated", entry.method),
        "save the archive stored or deflated");
  }
  DELSTEP_ASSIGN(const std::uint64_t begin, BeginOf(entry));
  if (entry.method == zip::kStored && entry.size != entry.packed_size)
    return content_->Wrong(entry.offset, fmt::format("'{}' is stored with two sizes", entry.name));
  return std::make_unique<EntrySource>(*content_, begin, entry);
}

}  // namespace delstep
