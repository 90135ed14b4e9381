#pragma once
/// How a command asks a person something, or waits for one.
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace delstep {

/// Shows the text and waits until a person presses Enter. Returns what was typed before Enter, empty
/// where nothing was; nothing after a stop, and where the input has ended: nobody has answered then.
/// An Asking that is empty itself means that nobody is there.
using Asking =
    std::function<std::optional<std::string>(std::string_view text, std::stop_token stop)>;

}  // namespace delstep
