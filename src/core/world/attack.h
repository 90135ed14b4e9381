#pragma once
/// What an attacker sends instead of its model; core/acts/attack.h says what each kind does.
#include <cstdint>

namespace delstep {

struct Attack {
  enum class Kind : std::uint8_t {
    kOff,       ///< it sends what it has learnt
    kSignFlip,  ///< that, times -1
    kNoise,     ///< that, plus noise of standard deviation `value`
    kZero,      ///< zeros
    kScale,     ///< that, times `value`
    kSame,      ///< one random model, the same for all attackers
  };
  Kind kind = Kind::kOff;
  double value = 0;
  std::uint64_t draws = 0;  ///< noises so far: names the next one's random stream
};

}  // namespace delstep
