#pragma once
/// Reads the wire format of protocol buffers: field by field, within the bytes given.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace delstep {

/// A field: `number`, and either the bytes of a length-delimited one or the value of a varint.
/// Fixed 32 and 64 bit fields are passed over with value 0.
struct WireField {
  std::uint32_t number = 0;
  std::span<const std::byte> bytes;
  std::uint64_t value = 0;

  std::string text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

class WireReader {
 public:
  explicit WireReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  /// The next field; nothing at the end and where the bytes are damaged: ok() tells which.
  std::optional<WireField> Next();
  bool ok() const { return ok_; }

 private:
  std::optional<std::uint64_t> Varint();
  bool Take(std::uint64_t count, std::span<const std::byte>& taken);

  std::span<const std::byte> rest_;
  bool ok_ = true;
};

}  // namespace delstep
