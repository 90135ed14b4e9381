#pragma once
/// Contacts of nodes that move and have radios.
#include <cstdint>
#include <memory>

#include "delstep/contacts.h"
#include "delstep/mobility.h"
#include "delstep/scenario.h"

namespace delstep {

/// Two nodes are in contact while they are at most their range apart, in the plane, and both are
/// present. The beginnings and ends are the roots of quadratics, one per pair of legs (in_range.h):
/// no contact is missed, however short, and nothing depends on how often one looks.
///
/// - `disk`: the range is `radio.range` for all.
/// - `log-distance`: the signal falls by 10 exponent log10(distance) dB, and each pair has a
///   shadowing X ~ N(0, shadowing^2) dB of its own, the same in both directions and for the whole
///   run, from the stream (seed, Purpose::kRadio, a, b). So the range of a pair is range *
///   10^(X / (10 exponent)) (Rappaport, "Wireless Communications", 1996, section 4.9). X is cut at
///   three standard deviations, so that there is a greatest range.
///
/// Changes() takes the time asked for in steps in which nodes go about as far as the range, and per
/// step looks only at pairs whose ways come near each other (near_pairs.h). So its time is about
/// that of nodes + changes, whatever the size of the field. Nothing is remembered from call to
/// call: `mobility` may answer otherwise later, and then so do contacts.
///
/// `mobility` must outlive the plan.
std::shared_ptr<const ContactPlan> MakeRadioContacts(const Mobility& mobility,
                                                     const RadioOptions& options,
                                                     std::uint64_t seed);

}  // namespace delstep
