#include "learning/tensorflow/wire.h"

namespace delstep {

std::optional<std::uint64_t> WireReader::Varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    // Cut off in the middle of a number.
    if (rest_.empty()) return std::nullopt;
    const auto byte = static_cast<std::uint64_t>(rest_.front());
    rest_ = rest_.subspan(1);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

bool WireReader::Take(std::uint64_t count, std::span<const std::byte>& taken) {
  if (count > rest_.size()) return false;
  taken = rest_.first(static_cast<std::size_t>(count));
  rest_ = rest_.subspan(taken.size());
  return true;
}

std::optional<WireField> WireReader::Next() {
  if (rest_.empty() || !ok_) return std::nullopt;
  enum Type : std::uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
  ok_ = false;  // until the field is whole
  const auto tag = Varint();
  if (!tag || *tag >> 3 == 0 || *tag >> 3 >= std::uint64_t{1} << 29) return std::nullopt;
  WireField field;
  field.number = static_cast<std::uint32_t>(*tag >> 3);
  std::span<const std::byte> passed;
  switch (*tag & 7) {
    case kVarint:
      if (const auto value = Varint())
        field.value = *value;
      else
        return std::nullopt;
      break;
    case kBytes:
      if (const auto length = Varint(); !length || !Take(*length, field.bytes)) return std::nullopt;
      break;
    case kFixed64:
      if (!Take(8, passed)) return std::nullopt;
      break;
    case kFixed32:
      if (!Take(4, passed)) return std::nullopt;
      break;
    default:
      return std::nullopt;
  }
  ok_ = true;
  return field;
}

}  // namespace delstep
