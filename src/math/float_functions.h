#pragma once
/// exp, log and tanh in float32 of our own, without branches, so that loops over them vectorise. No
/// C library takes part: without fused operations the bits are the same on every machine.
///
/// Static, not merely inline: each instruction set compiles its own copy, and the linker must not
/// mix them.
#include <cstdint>

namespace delstep {

/// e^x within 2 ulp for -87 <= x <= 88; 0 below, +inf above; NaN for NaN.
static inline float FloatExp(float x) {
  constexpr float kRound = 0x1.8p23f;  // adding it rounds to an integer, kept in the low bits
  constexpr float kLn2High = 0x1.62e4p-1f, kLn2Low = 0x1.7f7d1cp-20f;
  const float shifted = x * 0x1.715476p0f + kRound;
  const float k = shifted - kRound;
  const float r = (x - k * kLn2High) - k * kLn2Low;  // |r| <= ln 2 / 2
  float tail = 1.0f / 5040;
  tail = tail * r + 1.0f / 720;
  tail = tail * r + 1.0f / 120;
  tail = tail * r + 1.0f / 24;
  tail = tail * r + 1.0f / 6;
  tail = tail * r + 0.5f;
  const float mantissa = 1 + (r + r * r * tail);
  const std::uint32_t exponent = __builtin_bit_cast(std::uint32_t, shifted) << 23;
  const float power = __builtin_bit_cast(float, exponent + 0x3f800000u);
  const float value = x < -87.0f ? 0.0f : mantissa * power;
  return x > 88.0f ? __builtin_inff() : value;
}

/// Natural logarithm within 2 ulp (near 1: within 2^-24) for normal x > 0; +inf and NaN give
/// themselves.
static inline float FloatLog(float x) {
  constexpr std::uint32_t kRootHalf = 0x3f3504f3u;  // the bits of sqrt(1/2)
  constexpr float kLn2High = 0x1.62e4p-1f, kLn2Low = 0x1.7f7d1cp-20f;
  const std::uint32_t bits = __builtin_bit_cast(std::uint32_t, x);
  // x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
  const std::int32_t e = static_cast<std::int32_t>(bits - kRootHalf) >> 23;
  const float f = __builtin_bit_cast(float, bits - (static_cast<std::uint32_t>(e) << 23)) - 1;
  // log(1 + f) = 2 atanh(s) = 2 s + s z (2/3 + 2/5 z + ...), where 2 s = f - s f keeps the bits of
  // f.
  const float s = f / (2 + f);
  const float z = s * s;
  float series = 2.0f / 9;
  series = series * z + 2.0f / 7;
  series = series * z + 2.0f / 5;
  series = series * z + 2.0f / 3;
  const float k = static_cast<float>(e);
  const float value = k * kLn2High + (f - (s * (f - z * series) - k * kLn2Low));
  return x < __builtin_inff() ? value : x;
}

/// Within 3 ulp; NaN for NaN.
static inline float FloatTanh(float x) {
  const float size = x < 0 ? -x : x;
  // Pade's approximant [5/4]; below 0.6 its error is 1e-9 of the value.
  const float z = x * x;
  const float small = x * (945 + z * (105 + z)) / (945 + z * (420 + z * 15));
  const float t = FloatExp(-2 * size);
  const float large = (1 - t) / (1 + t);
  return size < 0.6f ? small : (x < 0 ? -large : large);
}

}  // namespace delstep
