#pragma once
/// Options that are one of several words. The configuration checks them too (src/scenario/keys.cc);
/// a program that fills in a Scenario itself meets them here first.
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// The place of `value` among `words`. Errors: kUsage, about `key`, with all words.
Result<std::size_t> Choose(std::string_view key, std::string_view value,
                           std::initializer_list<std::string_view> words);

}  // namespace delstep
