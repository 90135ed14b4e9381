#pragma once
/// Numbers that are drawn: how fast nodes compute and walk, how long they stay. A scenario writes
/// them as `20`, `uniform(1,2)`, `exponential(30min)`, `weibull(0.6,30min)`, `lognormal(20,0.6)` or
/// `classes(1,3,10)`.
///
/// Means of many draws are those of the formulas; nothing is cut at the ends, so what has no limit
/// may come out as large as chance allows. Nothing here fails: whoever reads a distribution from a
/// text has checked its numbers. Threads: const calls may run at the same time.
///
///   Random random(MakeKey(seed, Purpose::kCompute, Index(node)));
///   const double ms = scenario.compute.ms_per_example.Draw(random);   // of this node, always
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
  // By default the number 0, always.
  Kind kind = Kind::kConstant;
  double a = 0, b = 0;
  std::vector<double> classes{};
  /// The same draws, not only the same numbers.
  friend bool operator==(const Distribution&, const Distribution&) = default;

  /// The next number; >= 0 where the parameters are. Takes as many words of the stream as it needs.
  /// The same bits on every machine: Weibull is drawn as mean / Gamma(1 + 1/shape) * E^(1/shape)
  /// with E exponential, and all use our own log and exp.
  double Draw(Random& random) const;
  /// The least number that can be drawn. For limits of what a key allows.
  double least() const;
  /// The greatest one; infinite for those that have none.
  double greatest() const;
  /// What many draws have on average.
  double mean() const;
  /// Always the same number: no chance is needed.
  bool constant() const { return kind == Kind::kConstant; }
};

}  // namespace delstep
