#include "base/current_stop.h"

#include <utility>

namespace delstep {
namespace {

std::stop_token& TokenOfThread() {
  thread_local std::stop_token token;
  return token;
}

}  // namespace

CurrentStop::CurrentStop(std::stop_token token)
    : outer_(std::exchange(TokenOfThread(), std::move(token))) {}

CurrentStop::~CurrentStop() { TokenOfThread() = std::move(outer_); }

std::stop_token CurrentStop::Token() { return TokenOfThread(); }

}  // namespace delstep
