#pragma once
/// Denormal floats, and why learning takes them for 0.

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace delstep {

/// While one lives, its thread takes denormal floats for 0, as operands and as results. Those are
/// the numbers other than 0 that are smaller than 2^-126 (about 1.2e-38), doubles below 2^-1022.
///
/// Training makes them by itself. A weight whose gradient has become 0, since its pixel is blank or
/// its neuron is dead, keeps moments that shrink by a factor per step: Adam's first one is denormal
/// after some 800 steps of factor 0.9. Many processors compute with such numbers in microcode. That
/// takes a hundred times as long, so that Adam alone took half of a long training. A weight does
/// not notice: a moment of 1e-38 moves it by some 1e-33.
///
/// The same as torch.set_flush_denormal(True), and as TensorFlow has it in its threads. It is the
/// mode of a thread; one that is made meanwhile begins with a copy of it. What was before comes
/// back at the end, so that code of users outside of learning computes as they expect. Objects
/// nest. On processors other than x86-64 nothing changes.
class FlushDenormals {
 public:
#ifdef __x86_64__
  static constexpr bool kSupported = true;
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | kResults | kOperands); }
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  static constexpr bool kSupported = false;
  FlushDenormals() = default;
  ~FlushDenormals() {}
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#ifdef __x86_64__
  // Bits of the register MXCSR: Intel's manual of developers, volume 1, 10.2.3.
  static constexpr unsigned kResults = 1u << 15, kOperands = 1u << 6;
  const unsigned before_;
#endif
};

}  // namespace delstep
