// Distributions and areas as people write them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "base/shortened.h"
#include "base/text.h"
#include "scenario/units.h"

namespace delstep {
namespace {

using Kind = Distribution::Kind;

constexpr double kMost = 1e9, kMostShape = 100;

struct Form {
  std::string_view name;
  Kind kind;
  std::size_t arguments;  // 0: any number, at least one
  // Which of two arguments is a shape or deviation, a plain number also where others are durations.
  std::size_t plain = 2;
};
constexpr std::array kForms = {
    Form{"uniform", Kind::kUniform, 2},    Form{"exponential", Kind::kExponential, 1},
    Form{"weibull", Kind::kWeibull, 2, 0}, Form{"lognormal", Kind::kLogNormal, 2, 1},
    Form{"classes", Kind::kClasses, 0},
};

/// One number of a distribution, and how it is written.
struct NumberFormat {
  std::string_view what;  // "a distribution of durations"
  std::string_view example;
  std::optional<double> (*read)(std::string_view text);
  std::string (*write)(double number);
};

std::optional<double> ReadNumber(std::string_view text) {
  const auto number = ParseReal(text);
  if (!number || !(*number >= 0 && *number <= kMost)) return std::nullopt;
  return *number;
}
std::string WriteNumber(double number) { return ShortestReal(number); }

std::optional<double> ReadSeconds(std::string_view text) {
  const auto duration = ParseDuration(text);
  if (!duration) return std::nullopt;
  return Seconds(*duration);
}
// Read from whole nanoseconds, so it is written exactly.
std::string WriteSeconds(double seconds) {
  return DurationText(Duration(std::llround(seconds * 1e9)));
}

constexpr NumberFormat kNumbers{"distribution of numbers",
                                "20, uniform(1,2), exponential(3), weibull(0.6,30), "
                                "lognormal(20,0.6) or classes(1,3,10)",
                                ReadNumber, WriteNumber};
constexpr NumberFormat kDurations{"distribution of durations",
                                  "30s, uniform(10s,2min), exponential(30min), weibull(0.6,30min), "
                                  "lognormal(20s,0.6) or classes(1min,1h)",
                                  ReadSeconds, WriteSeconds};

Error NoDistribution(const NumberFormat& format, std::string_view text, std::string_view why) {
  return UsageError(fmt::format("'{}' is not a {}: {}", Shortened(text), format.what, why),
                    fmt::format("write {}", format.example));
}

/// A shape or deviation: above 0.
std::optional<double> ReadShape(std::string_view text) {
  const auto number = ParseReal(text);
  if (!number || !(*number > 0 && *number <= kMostShape)) return std::nullopt;
  return *number;
}

Result<Distribution> Parse(const NumberFormat& format, std::string_view text) {
  const auto no = [&](std::string_view why) { return NoDistribution(format, text, why); };
  Distribution result;
  const auto open = text.find('(');
  if (open == std::string_view::npos) {
    const auto number = format.read(Trim(text));
    if (!number) return no("it is neither a constant nor a name with brackets");
    result.a = *number;
    return result;
  }
  const auto form = std::ranges::find(kForms, Trim(text.substr(0, open)), &Form::name);
  if (form == kForms.end())
    return no(fmt::format("there is no distribution '{}'", Shortened(Trim(text.substr(0, open)))));
  if (text.back() != ')') return no("the closing bracket is missing");
  const auto arguments = Split(text.substr(open + 1, text.size() - open - 2), ',');
  if (form->arguments > 0 && arguments.size() != form->arguments)
    return no(fmt::format("{} takes {}", form->name, Count(form->arguments, "value")));
  result.kind = form->kind;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = Trim(arguments[i]);
    const auto number = i == form->plain ? ReadShape(argument) : format.read(argument);
    if (!number)
      return no(i == form->plain ? fmt::format("'{}' must be a number above 0 and up to 100",
                                               Shortened(argument))
                                 : fmt::format("'{}' cannot be read", Shortened(argument)));
    if (form->kind == Kind::kClasses) {
      result.classes.push_back(*number);
    } else {
      (i == 0 ? result.a : result.b) = *number;
    }
  }
  if (result.kind == Kind::kUniform && result.b < result.a)
    return no("its lower end is above its upper end");
  return result;
}

std::string Text(const NumberFormat& format, const Distribution& distribution) {
  if (distribution.constant()) return format.write(distribution.a);
  const auto form = std::ranges::find(kForms, distribution.kind, &Form::kind);
  std::vector<std::string> arguments;
  if (distribution.kind == Kind::kClasses) {
    for (const double value : distribution.classes) arguments.push_back(format.write(value));
  } else {
    const double values[] = {distribution.a, distribution.b};
    for (std::size_t i = 0; i < form->arguments; ++i)
      arguments.push_back(i == form->plain ? WriteNumber(values[i]) : format.write(values[i]));
  }
  return fmt::format("{}({})", form->name, Join(arguments, ","));
}

}  // namespace

Result<Distribution> ParseDistribution(std::string_view text) { return Parse(kNumbers, text); }
std::string DistributionText(const Distribution& distribution) {
  return Text(kNumbers, distribution);
}
Result<Distribution> ParseDurations(std::string_view text) { return Parse(kDurations, text); }
std::string DurationsText(const Distribution& distribution) {
  return Text(kDurations, distribution);
}

Result<Area> ParseArea(std::string_view text) {
  const auto cross = text.find('x');
  const auto side = [](std::string_view number) -> std::optional<double> {
    const auto metres = ParseReal(Trim(number));
    if (!metres || !(*metres > 0 && *metres <= 1e7)) return std::nullopt;
    return *metres;
  };
  if (cross != std::string_view::npos) {
    const auto width = side(text.substr(0, cross)), height = side(text.substr(cross + 1));
    if (width && height) return Area{*width, *height};
  }
  return UsageError(fmt::format("'{}' is not an area", Shortened(text)),
                    "write width and height in metres, such as 1000x500");
}
std::string AreaText(const Area& area) {
  return fmt::format("{}x{}", ShortestReal(area.width), ShortestReal(area.height));
}

}  // namespace delstep
