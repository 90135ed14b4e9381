#pragma once
/// What headers call the columns of lists of contacts, in small letters. A list of contacts with a
/// beginning and an end, and one of moments, call the two ids alike; only the columns of time tell
/// them apart.
#include <array>
#include <string_view>

namespace delstep {

inline constexpr std::array<std::string_view, 5> kStartNames = {"start", "t_start", "start_time",
                                                                "begin", "begins"};
inline constexpr std::array<std::string_view, 5> kEndNames = {"end", "t_end", "end_time", "ends",
                                                              "stop"};
inline constexpr std::array<std::string_view, 4> kTimeNames = {"t", "time", "timestamp", "ts"};
inline constexpr std::array<std::string_view, 11> kFirstNames = {
    "a", "i", "u", "id1", "node1", "user1", "node_a", "user_a", "src", "source", "from"};
inline constexpr std::array<std::string_view, 11> kSecondNames = {
    "b", "j", "v", "id2", "node2", "user2", "node_b", "user_b", "dst", "target", "to"};

/// Stands under an error of a list that is of no format.
inline constexpr const char* kContactHint =
    "formats are a table start,end,a,b; 12.0 CONN 0 7 up of The ONE; t i j of SocioPatterns";

}  // namespace delstep
