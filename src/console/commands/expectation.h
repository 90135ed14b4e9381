#pragma once
/// `expect test_acc(mean) > 0.9`: a measured value and what it should be.
#include <string>
#include <string_view>
#include <vector>

#include "delstep/simulation.h"

namespace delstep {

/// METRIC[(STATISTIC)] OPERATOR NUMBER, with or without blanks between.
struct Expectation {
  enum class Operator { kLess, kLessEqual, kGreater, kGreaterEqual, kEqual, kNotEqual };
  std::string text;  ///< as typed
  std::string what;  ///< "test_acc(mean)", "lost"
  std::string metric, statistic;
  Operator op = Operator::kEqual;
  double bound = 0;
};

/// Errors: kUsage.
Result<Expectation> ParseExpectation(std::string_view text);
/// Metrics of nodes (test_acc, test_loss, train_loss) are taken over the last value of each present
/// node that has one; std is that of the population, p10 and p90 interpolate linearly. Errors:
/// kRefused if there is no value yet.
Result<double> Measure(const Expectation& expectation, const Simulation& simulation);
bool Holds(const Expectation& expectation, double measured);

/// For completion: what a condition may begin with. Names of metrics; once a "(" is typed, that metric
/// with each statistic: "test_acc(mean)".
std::vector<std::string> ExpectationWords(std::string_view typed);

}  // namespace delstep
