#pragma once
/// Where the readers of traces get their bytes from.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "archive/byte_source.h"
#include "delstep/result.h"

namespace delstep {

/// The bytes of another source, unpacked if that one is a gzip file by its first two bytes (1f 8b),
/// whatever its name. What it begins with can be looked at before it is read. Memory is constant.
/// Errors are those of the other source and of InflateSource.
class TraceSource final : public ByteSource {
 public:
  /// `raw` outlives this.
  explicit TraceSource(ByteSource& raw);

  /// The first 64 KiB, or all if there are less. Read() begins there all the same. Valid until this
  /// is gone.
  Result<std::string_view> Beginning();

  Result<std::size_t> Read(std::span<std::uint8_t> into) override;
  std::optional<std::uint64_t> remaining() const override { return std::nullopt; }

 private:
  Result<void> Begin();
  ByteSource& Content() { return unpacked_ ? *unpacked_ : raw_; }

  ByteSource& raw_;
  std::unique_ptr<InflateSource> unpacked_;  // null: nothing to unpack
  std::vector<std::uint8_t> beginning_;
  std::size_t taken_ = 0;  // of beginning_
  bool begun_ = false;
};

/// Opens the file of a trace or of contacts, gzip or not. Errors are those of FileSource::Open(),
/// with the name of a file that may be meant.
Result<FileSource> OpenTrace(const std::string& path);

}  // namespace delstep
