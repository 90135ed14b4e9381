#pragma once
/// The bytes of a whole zip file, and where its entries lie.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "archive/zip.h"
#include "delstep/result.h"

namespace delstep {

/// A file's bytes at any place, or bytes in memory if there is no descriptor.
class ZipContent {
 public:
  ZipContent(std::string name, int descriptor, std::uint64_t size)
      : name_(std::move(name)), descriptor_(descriptor), size_(size) {}
  ZipContent(std::string name, std::span<const std::uint8_t> bytes)
      : name_(std::move(name)), bytes_(bytes), size_(bytes.size()) {}
  ~ZipContent();
  ZipContent(const ZipContent&) = delete;
  ZipContent& operator=(const ZipContent&) = delete;

  /// Fills `into` or fails.
  Result<void> ReadAt(std::uint64_t offset, std::span<std::uint8_t> into) const;
  /// An error of kind kFile at this place.
  Error Wrong(std::uint64_t offset, const std::string& what) const;
  const std::string& name() const { return name_; }
  std::uint64_t size() const { return size_; }

 private:
  std::string name_;
  std::span<const std::uint8_t> bytes_;
  int descriptor_ = -1;
  std::uint64_t size_;
};

/// The entries in the directory at the end of the file. Errors: zip.h.
Result<std::vector<ZipEntry>> ReadZipDirectory(const ZipContent& content);

}  // namespace delstep
