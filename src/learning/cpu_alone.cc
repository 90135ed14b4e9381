#include "learning/cpu_alone.h"

#include <fmt/format.h>

namespace delstep {

Result<void> RequireCpu(const Scenario& scenario, std::string_view learner,
                        std::string_view instead) {
  const std::string& device = scenario.training.device;
  if (device == "cpu") return {};
  return UsageError(fmt::format("the learner '{}' computes on the CPU alone, not on "
                                "training.device = {}",
                                learner, device),
                    fmt::format("{}, or training.device=cpu", instead))
      .About("training.device");
}

}  // namespace delstep
