#pragma once
/// `expect test_acc:global(mean) > 0.9 and lost == 0`: measured values and what they should be.
///
///   condition    comparisons, joined by `and` and `or`; `and` binds tighter
///   comparison   METRIC[:SCOPE][(STATISTIC[, NODE...])] OPERATOR NUMBER, blanks as one likes
///
/// The metrics and statistics are those of metric_table.h. A scope is never guessed and scopes are
/// never mixed: without one, the metric means the last `test` of the run, and what is reported says
/// which that was. It is over all nodes that were tested on that scope, be it long ago; where some
/// of their models have changed since, and others have not, what is reported says how many.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/metric_table.h"
#include "console/language/selector.h"
#include "delstep/simulation.h"

namespace delstep {

struct MetricComparison {
  enum class Operator { kLess, kLessEqual, kGreater, kGreaterEqual, kEqual, kNotEqual };
  std::string text;  ///< as typed
  const Metric* metric = nullptr;
  std::optional<EvaluationScope> scope;  ///< none: that of the last test
  const Statistic* statistic = nullptr;  ///< null: none was named, which is the mean
  std::vector<std::string> nodes;        ///< selectors as typed; none: all nodes that have a value
  Operator op = Operator::kEqual;
  double bound = 0;
};

struct Expectation {
  std::string text;  ///< as typed
  /// It holds where all comparisons of one of these lists hold. No list is empty.
  std::vector<std::vector<MetricComparison>> alternatives;
};

/// The form and the words of the tables, which are the same whatever the state. Errors: kUsage.
Result<Expectation> ParseExpectation(std::string_view text);
/// Whether the nodes and groups that it names are there. Errors: kRefused.
Result<void> CheckNames(const Expectation& expectation, const Directory& directory);

/// Whether last tests may decide it, which are no part of what the hash of the world covers.
bool LooksAtTests(const Expectation& expectation);

/// A value that was measured.
struct Measured {
  std::string what;  ///< "test_acc:global(mean)": with its scope, also where none was typed
  double value = 0;
  MetricComparison comparison{};  ///< what it was measured for
  bool holds = false;
  std::string note{};  ///< where old and new results are mixed; empty: they are not
};
struct Verdict {
  bool holds = false;
  std::vector<Measured> measured;  ///< those that decided, in the order typed
};
/// From left to right, until it is decided. Errors: kRefused for a node or group that is not there,
/// or where there is no value yet; the hint says how to get one.
Result<Verdict> Judge(const Expectation& expectation, const Simulation& simulation);

/// "test_acc:global(mean) is 0.91, lost is 0". Six significant digits, or as many as it takes to
/// see why the comparison holds or not.
std::string TextOf(const Verdict& verdict);

}  // namespace delstep
