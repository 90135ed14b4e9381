#pragma once
/// Where a reader gets its bytes from: a file, memory, or either of them compressed.
#include <zlib.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "archive/byte_buffer.h"
#include "delstep/result.h"

namespace delstep {

/// Bytes from a beginning to an end, read once. One thread at a time.
class ByteSource {
 public:
  explicit ByteSource(std::string name) : name_(std::move(name)) {}
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// Fills `into` from its front and returns how many bytes that were: fewer than asked for only at
  /// the end.
  virtual Result<std::size_t> Read(std::span<std::uint8_t> into) = 0;
  /// Bytes that are still to come, where that is known without reading them.
  virtual std::optional<std::uint64_t> remaining() const = 0;
  /// What messages call it: the path of a file.
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// A regular file.
class FileSource final : public ByteSource {
 public:
  /// `takes` are the kinds of packed files that the caller unpacks, as in base/file_kind.h.
  /// Errors (kFile): no such file, no permission, not a regular file, an empty one, and what
  /// OtherKind() of base/file_kind.h refuses.
  static Result<FileSource> Open(const std::filesystem::path& path, std::string_view takes = {});
  FileSource(FileSource&& other) noexcept;
  ~FileSource() override;

  Result<std::size_t> Read(std::span<std::uint8_t> into) override;
  std::optional<std::uint64_t> remaining() const override { return remaining_; }

 private:
  FileSource(std::string name, int descriptor, std::uint64_t size);

  int descriptor_;
  std::uint64_t remaining_;
};

/// Bytes in memory, which must outlive the source.
class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string name, std::span<const std::uint8_t> bytes)
      : ByteSource(std::move(name)), left_(bytes) {}

  Result<std::size_t> Read(std::span<std::uint8_t> into) override;
  std::optional<std::uint64_t> remaining() const override { return left_.size(); }

 private:
  std::span<const std::uint8_t> left_;
};

/// True of the first bytes of a gzip file (RFC 1952).
bool IsGzip(std::span<const std::uint8_t> first_bytes);

enum class Packing {
  kGzip,    ///< RFC 1952, one or more members
  kDeflate  ///< RFC 1951, as in a zip file
};

/// What compressed bytes unpack to. Memory is constant, whatever the content.
///
/// Errors (kFile): corrupt or truncated data, of gzip a wrong check sum; they name the byte in the
/// compressed source.
class InflateSource final : public ByteSource {
 public:
  /// `packed` outlives this source; `first_bytes`, at most kBufferSize, were already read from it.
  InflateSource(ByteSource& packed, Packing packing,
                std::span<const std::uint8_t> first_bytes = {});
  ~InflateSource() override;

  Result<std::size_t> Read(std::span<std::uint8_t> into) override;
  std::optional<std::uint64_t> remaining() const override { return std::nullopt; }

  static constexpr std::size_t kBufferSize = 65536;

 private:
  Result<bool> FindNextMember();
  Result<void> Refill();
  Error Broken(const std::string& what) const;

  ByteSource& packed_;
  Packing packing_;
  z_stream stream_{};
  bool ready_ = false, in_member_ = true;
  std::uint64_t taken_ = 0;  // bytes read from packed_
  std::array<std::uint8_t, kBufferSize> buffer_;
};

/// Appends up to `count` bytes to `into` and returns how many there were. What the source cannot
/// promise is paid for only as it comes: at most about twice the true content is allocated.
/// Errors (kFile): those of the source, no memory.
Result<std::uint64_t> Append(ByteSource& source, std::uint64_t count, ByteBuffer& into);

}  // namespace delstep
