#pragma once
/// What may be typed next, from the command table.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "console/history/moments.h"
#include "delstep/registry.h"
#include "delstep/simulation.h"

namespace delstep {

struct Completion {
  std::size_t begin = 0;  ///< where the word to complete begins, its quote included
  /// Whole words, sorted, each once; as they are meant: what needs quotes has none.
  std::vector<std::string> words;
};
/// Candidates for the word that ends at the end of `line`.
Completion CompleteLine(std::string_view line, const Simulation& simulation,
                        const Registry& registry, const Moments& moments);
/// Usage of the command being typed; empty before its verb is known.
std::string HintForLine(std::string_view line);

}  // namespace delstep
