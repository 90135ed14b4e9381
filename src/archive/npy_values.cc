#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "archive/npy.h"
#include "base/text.h"

namespace delstep {
namespace {

static_assert(std::endian::native == std::endian::little);

void SwapBytes(std::span<std::uint8_t> values, std::size_t item_size) {
  for (std::size_t at = 0; at < values.size(); at += item_size)
    std::reverse(values.begin() + static_cast<std::ptrdiff_t>(at),
                 values.begin() + static_cast<std::ptrdiff_t>(at + item_size));
}

/// From first dimension fastest to last dimension fastest.
void Reorder(const NpyHeader& header, std::span<const std::uint8_t> from,
             std::span<std::uint8_t> into) {
  const std::size_t dimensions = header.shape.size();
  std::vector<std::uint64_t> strides(dimensions), index(dimensions);
  std::uint64_t stride = header.item_size;
  for (std::size_t d = 0; d < dimensions; ++d) {
    strides[d] = stride;
    stride *= header.shape[d];
  }
  // Walks the result in its order, and steps through the source by the strides of Fortran order.
  std::uint64_t source = 0;
  for (std::size_t at = 0; at < into.size(); at += header.item_size) {
    std::memcpy(&into[at], &from[source], header.item_size);
    for (std::size_t d = dimensions; d-- > 0;) {
      source += strides[d];
      if (++index[d] < header.shape[d]) break;
      source -= strides[d] * header.shape[d];
      index[d] = 0;
    }
  }
}

float HalfToFloat(std::uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const float sign = half >> 15 ? -1.0f : 1.0f;
  // IEEE 754 binary16: infinity and NaN, then denormal and normal numbers.
  if (exponent == 31) {
    return fraction == 0 ? sign * std::numeric_limits<float>::infinity()
                         : std::numeric_limits<float>::quiet_NaN();
  }
  return sign * (exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                               : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25));
}

/// Calls `take(place, value)` for each value, until it returns false. The value is of the type in
/// the file, a half being a float.
template <class Take>
void ForEach(const NpyHeader& header, std::span<const std::uint8_t> bytes, Take take) {
  const auto go = [&]<class Stored>(Stored) {
    for (std::size_t i = 0; i * sizeof(Stored) < bytes.size(); ++i) {
      Stored value;
      std::memcpy(&value, &bytes[i * sizeof(Stored)], sizeof(Stored));
      if (!take(i, value)) return;
    }
  };
  if (header.kind == 'f') {
    if (header.item_size == 8) return go(double{});
    if (header.item_size == 4) return go(float{});
    for (std::size_t i = 0; i < bytes.size() / 2; ++i) {
      std::uint16_t half;
      std::memcpy(&half, &bytes[i * 2], 2);
      if (!take(i, HalfToFloat(half))) return;
    }
    return;
  }
  const bool is_signed = header.kind == 'i';
  switch (header.item_size) {
    case 1:
      return is_signed ? go(std::int8_t{}) : go(std::uint8_t{});
    case 2:
      return is_signed ? go(std::int16_t{}) : go(std::uint16_t{});
    case 4:
      return is_signed ? go(std::int32_t{}) : go(std::uint32_t{});
    default:
      return is_signed ? go(std::int64_t{}) : go(std::uint64_t{});
  }
}

/// Nothing where a T cannot hold the value; npy.h says when.
template <class T, class Stored>
std::optional<T> Convert(Stored value) {
  if constexpr (std::is_floating_point_v<T> && std::is_floating_point_v<Stored>) {
    const T converted = static_cast<T>(value);
    if (std::isinf(converted) && !std::isinf(value)) return std::nullopt;
    return converted;
  } else if constexpr (std::is_floating_point_v<T>) {
    // Up to 2^digits every whole number is a float of its own.
    constexpr std::int64_t kMost = std::int64_t{1} << std::numeric_limits<T>::digits;
    if (std::cmp_greater(value, kMost) || std::cmp_less(value, -kMost)) return std::nullopt;
    return static_cast<T>(value);
  } else if constexpr (std::is_floating_point_v<Stored>) {
    // Written so that a NaN fails too.
    if (!(std::abs(value) < Stored{9e18}) || std::trunc(value) != value) return std::nullopt;
    return static_cast<T>(value);
  } else {
    return std::in_range<T>(value) ? std::optional(static_cast<T>(value)) : std::nullopt;
  }
}

}  // namespace

Result<void> ReadNpyValues(ByteSource& source, const NpyHeader& header, ByteBuffer& into) {
  const std::uint64_t wanted = header.count() * header.item_size;
  const bool reorder = header.fortran_order && header.shape.size() > 1;
  ByteBuffer apart;
  ByteBuffer& raw = reorder ? apart : into;
  const std::size_t before = raw.size();
  DELSTEP_ASSIGN(const std::uint64_t got, Append(source, wanted, raw));
  // One byte more is asked for: a file longer than its header says is damaged too.
  std::uint8_t extra;
  std::size_t more = 0;
  if (got == wanted) {
    DELSTEP_ASSIGN(more, source.Read({&extra, 1}));
  }
  if (got != wanted || more != 0) {
    return BadFile(
        fmt::format("'{}' holds {} than the {} of its {} values of dtype {}, shape {}",
                    source.name(), more != 0 ? "more bytes" : "fewer bytes", HumanBytes(wanted),
                    header.count(), header.dtype(), header.shape_text()),
        "the file is damaged: save the array again");
  }
  const std::span<std::uint8_t> values = raw.bytes().subspan(before);
  if (header.big_endian) SwapBytes(values, header.item_size);
  if (!reorder || wanted == 0) return {};
  const std::span<std::uint8_t> room = into.Extend(wanted);
  if (room.empty()) {
    return BadFile(fmt::format("'{}': no memory for {}", source.name(), HumanBytes(wanted)),
                   "free some memory, or save numpy.ascontiguousarray(x)");
  }
  Reorder(header, values, room);
  return {};
}

template <class T>
Result<std::vector<T>> ReadNpyAs(ByteSource& source, const NpyHeader& header) {
  ByteBuffer raw;
  DELSTEP_TRY(ReadNpyValues(source, header, raw));
  std::vector<T> values;
  values.reserve(header.count());
  std::string refused;
  ForEach(header, raw.bytes(), [&](std::size_t place, auto stored) {
    const auto value = Convert<T>(stored);
    if (value) {
      values.push_back(*value);
    } else {
      refused = fmt::format("value number {} is {}", place, +stored);
    }
    return value.has_value();
  });
  if (refused.empty()) return values;
  return BadFile(fmt::format("'{}': {}, expected {}", source.name(), refused,
                             std::is_integral_v<T> ? "a whole number of at most 63 bits"
                             : sizeof(T) == 4      ? "what a 32-bit float can hold exactly"
                                                   : "what a 64-bit float can hold exactly"),
                 "scale or convert the array before saving it");
}

template Result<std::vector<float>> ReadNpyAs(ByteSource&, const NpyHeader&);
template Result<std::vector<double>> ReadNpyAs(ByteSource&, const NpyHeader&);
template Result<std::vector<std::int64_t>> ReadNpyAs(ByteSource&, const NpyHeader&);

}  // namespace delstep
