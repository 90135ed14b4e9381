#pragma once
/// An event as one sentence for people: "ann trained on 850 examples, with a loss of 0.3012". The
/// terminal, pages and screen readers say the same words, because they are made here alone.
#include <functional>
#include <string>

#include "delstep/event.h"

namespace delstep {

/// What people call a node; asked for every node of the event, also for one that has left.
using NodeNames = std::function<std::string(NodeId)>;

/// What happened, in the past tense, without a full stop and without a time: who prints it puts the
/// clock where there is room for it. Real numbers have four decimals, as everywhere on screen.
std::string Sentence(const Happening& what, const NodeNames& names);

}  // namespace delstep
