#pragma once
/// Numbers that are drawn: how fast nodes compute and walk, how long they stay. A scenario writes
/// them as `20`, `uniform(1,2)`, `exponential(30min)`, `weibull(0.6,30min)`, `lognormal(20,0.6)` or
/// `classes(1,3,10)`.
#include <cstdint>
#include <vector>

#include "delstep/random.h"

namespace delstep {

/// A value. Durations are in seconds; what other numbers mean says the key that holds them.
struct Distribution {
  enum class Kind : std::uint8_t {
    kConstant,     ///< a
    kUniform,      ///< between a and b
    kExponential,  ///< mean a
    kWeibull,      ///< shape a, mean b; shape below 1: many short ones and a few very long ones
    kLogNormal,    ///< median a; the logarithm has the standard deviation b
    kClasses,      ///< one of `classes`, all equally likely
  };
  Kind kind = Kind::kConstant;
  double a = 0, b = 0;
  std::vector<double> classes{};
  friend bool operator==(const Distribution&, const Distribution&) = default;

  /// The next number; >= 0 where the parameters are. Takes as many words of the stream as it needs.
  /// The same bits on every machine: Weibull is drawn as mean / Gamma(1 + 1/shape) * E^(1/shape)
  /// with E exponential, and all use our own log and exp.
  double Draw(Random& random) const;
  /// The least and the greatest number that can be drawn; infinite for unbounded ones.
  double least() const;
  double greatest() const;
  double mean() const;
  bool constant() const { return kind == Kind::kConstant; }
};

}  // namespace delstep
