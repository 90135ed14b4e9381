#pragma once
/// delstep doctor: what is there, what is missing, what to install.
#include <string>
#include <vector>

#include "delstep/registry.h"
#include "scenario/config.h"

namespace delstep {

struct Diagnosis {
  struct Line {
    std::string state;  ///< "ok", "note", "missing"
    std::string subject, detail, to_do{};
  };
  std::vector<Line> lines;
  std::string text;
  bool healthy =
      true;  ///< the main job can run: the data of the configuration are there, its parts too
};

/// Reads nothing but the headers of data files, and makes no run.
Diagnosis Diagnose(const Config& config, const Registry& registry);

}  // namespace delstep
