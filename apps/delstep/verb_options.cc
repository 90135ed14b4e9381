#include "apps/delstep/verb_options.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace delstep {
namespace {

constexpr std::array<std::pair<std::string_view, XAxis>, 4> kAxes = {{{"time", XAxis::kTime},
                                                                      {"cycle", XAxis::kCycle},
                                                                      {"bytes", XAxis::kBytes},
                                                                      {"step", XAxis::kStep}}};
constexpr std::array<std::pair<std::string_view, Band>, 4> kBands = {
    {{"p10-p90", Band::kPercentiles},
     {"min-max", Band::kMinMax},
     {"std", Band::kDeviation},
     {"none", Band::kNone}}};

template <class Choice, std::size_t size>
Result<Choice> Choose(std::string_view option, const std::string& value,
                      const std::array<std::pair<std::string_view, Choice>, size>& choices) {
  std::vector<std::string> names;
  for (const auto& [name, choice] : choices) {
    if (name == value) return choice;
    names.emplace_back(name);
  }
  return UsageError(fmt::format("{} must be one of {}, not '{}'", option, Join(names, ", "), value),
                    DidYouMean(value, names));
}

Result<std::uint64_t> Jobs(const std::string& value) {
  const auto jobs = ParseUnsigned(value);
  if (!jobs || *jobs < 1 || *jobs > 1024)
    return UsageError(fmt::format("--jobs must be a number from 1 to 1024, not '{}'", value),
                      "without it there are as many runs at once as processors");
  return *jobs;
}

}  // namespace

Result<bool> TakeVerbOption(const std::string& option, const std::string& value,
                            VerbOptions& options) {
  PlotOptions& plot = options.plot;
  if (option == "--jobs") {
    DELSTEP_ASSIGN(options.sweep.jobs, Jobs(value));
  } else if (option == "--again") {
    options.sweep.again = true;
  } else if (option == "--x") {
    DELSTEP_ASSIGN(plot.x, Choose(option, value, kAxes));
  } else if (option == "--band") {
    DELSTEP_ASSIGN(plot.band, Choose(option, value, kBands));
  } else if (option == "--metric") {
    plot.metrics.push_back(value);
  } else if (option == "--title") {
    plot.title = value;
  } else if (option == "--data") {
    plot.data = true;
  } else {
    return false;
  }
  (option == "--jobs" || option == "--again" ? options.sweep_option : options.plot_option) = option;
  return true;
}

}  // namespace delstep
