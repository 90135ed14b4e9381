#include "weights/number_type.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>

#include "archive/npy.h"
#include "base/shortened.h"

namespace delstep {
namespace {

/// A bfloat16 is the upper half of a float.
std::vector<float> WidenBfloats(std::span<const std::uint8_t> bytes) {
  std::vector<float> values(bytes.size() / 2);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint8_t word[4] = {0, 0, bytes[2 * i], bytes[2 * i + 1]};
    std::memcpy(&values[i], word, sizeof word);
  }
  return values;
}

}  // namespace

Result<std::vector<float>> ReadFloats(ByteSource& source, const NumberType& type,
                                      std::uint64_t count) {
  NpyHeader header;
  header.shape = {count};
  header.item_size = type.size;
  if (type.kind != NumberType::Kind::kBfloat) {
    header.kind = static_cast<char>(type.kind);
    return ReadNpyAs<float>(source, header);
  }
  // NumPy has no bfloat16: its bits are read as whole numbers of 16 bits.
  header.kind = 'u';
  ByteBuffer raw;
  DELSTEP_TRY(ReadNpyValues(source, header, raw));
  return WidenBfloats(raw.bytes());
}

std::string NameText(std::string_view name) { return Shortened(name, 80); }

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

}  // namespace delstep
