#pragma once
/// Reader and writer of zip files (PKWARE's APPNOTE 6.3): what .npz and .pt files are.
///
/// Read are entries that are stored or deflated, with or without zip64; not encrypted ones, and not
/// archives in several parts. An entry is unpacked as it is read, so that what a file only promises
/// costs nothing; the check sum is verified at the entry's end.
///
/// Errors (kFile) name the file and the byte or the entry.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archive/byte_source.h"
#include "delstep/result.h"

namespace delstep {

struct ZipEntry {
  std::string name;
  std::uint64_t size = 0;         ///< unpacked
  std::uint64_t packed_size = 0;  ///< in the file
  std::uint64_t offset = 0;       ///< of the local header
  std::uint32_t check_sum = 0;    ///< CRC-32 of the unpacked bytes
  std::uint16_t method = 0;       ///< 0 stored, 8 deflated, others cannot be read
  bool encrypted = false;
};

class ZipContent;

/// An open zip file. One thread at a time.
class ZipReader {
 public:
  /// Errors: what OpenRegular() refuses (archive/open_regular.h), no zip file, a damaged directory
  /// of entries, two entries of one name.
  static Result<ZipReader> Open(const std::filesystem::path& path);
  /// The same of bytes in memory, which must outlive the reader; messages call them `name`.
  static Result<ZipReader> Parse(std::span<const std::uint8_t> content, std::string name);
  ZipReader(ZipReader&&) noexcept;
  ~ZipReader();

  /// In the order of the file's directory.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  /// Null if there is none of that name.
  const ZipEntry* Find(std::string_view name) const;
  const std::string& name() const;

  /// What the entry holds, exactly `entry.size` bytes or an error. The source lives no longer than
  /// this reader. Its name is "FILE: ENTRY".
  Result<std::unique_ptr<ByteSource>> Read(const ZipEntry& entry) const;
  /// Where in the file what it holds begins, packed as it is. Errors: no entry is there, or the file
  /// ends in it.
  Result<std::uint64_t> BeginOf(const ZipEntry& entry) const;

 private:
  explicit ZipReader(std::unique_ptr<const ZipContent> content);
  static Result<ZipReader> Read(std::unique_ptr<const ZipContent> content);

  std::unique_ptr<const ZipContent> content_;
  std::vector<ZipEntry> entries_;
};

struct ZipOptions {
  bool deflate = false;
  /// The content begins at a multiple of this in the file. At least 1, at most 4096.
  std::size_t alignment = 1;
};

/// Writes entry after entry to a stream that outlives it. The same entries give the same bytes: no
/// time is recorded. Zip64 is used where sizes ask for it.
///
/// Errors: a stream that fails is found by whoever owns it, after Finish().
class ZipWriter {
 public:
  explicit ZipWriter(std::ostream& out) : out_(out) {}

  /// Requires a `name` of at most 65535 bytes that was not added before. The content is the `parts`
  /// one after the other.
  void Add(std::string_view name, std::span<const std::span<const std::byte>> parts,
           const ZipOptions& options = {});
  void Add(std::string_view name, std::span<const std::byte> content,
           const ZipOptions& options = {}) {
    Add(name, std::span(&content, 1), options);
  }
  /// An entry whose content others write into the same file: `size` bytes, as they are, from the
  /// returned byte of the stream on. Requires a stream that begins with this archive and can seek.
  std::uint64_t Reserve(std::string_view name, std::uint64_t size);
  /// The CRC-32 of what was written into the entry that came last, which was reserved. Comes before
  /// anything else is added.
  void SetCheckSum(std::uint32_t check_sum);
  /// Writes the directory of entries; nothing may be added after it.
  void Finish();

 private:
  void Write(std::string_view bytes);
  std::string LocalHeader(const ZipEntry& entry, std::size_t alignment) const;

  std::ostream& out_;
  std::uint64_t written_ = 0;
  std::vector<ZipEntry> entries_;
};

}  // namespace delstep
