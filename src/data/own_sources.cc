#include "data/own_sources.h"

#include "data/images.h"
#include "data/leaf.h"
#include "data/text_corpus.h"

namespace delstep {

void AddOwnSources(Parts<LoadData>& parts) {
  parts.Add("leaf", "examples of users, as LEAF makes them",
            [](const Scenario& scenario) { return ReadLeaf(scenario.data); });
  parts.Add("images", "a folder of pictures a class",
            [](const Scenario& scenario) { return ReadImages(scenario.data); });
  parts.Add("text", "texts, to learn the next character or word of",
            [](const Scenario& scenario) { return ReadText(scenario.data); });
}

}  // namespace delstep
