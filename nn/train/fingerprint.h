// SPDX-License-Identifier: Apache-2.0
// What decides the numbers of a run: runs with different fingerprints are no continuations of each other.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace thaw {

// What was given, by name, as text: values, or checksums of data.
using Fingerprint = std::map<std::string, std::string>;

// A run may go on from a checkpoint if the weights in it are those that it would have had itself at that step.
struct RunIdentity {
  Fingerprint training;       // must be the same
  Fingerprint validation;     // must be the same where evaluations decide (best model, early stopping)
  Fingerprint circumstances;  // may differ: the run means the same, but its numbers are not those of the run before
};

// How the names of what is given by the seed and more begin: weights, some of which it draws.
constexpr std::string_view drawn_in_part = "weights of ";

// "learning_rate was 0.01, is 0.02; seed was 42, is 43": empty if they are the same. What one of them lacks is said
// apart: the other run had none, or another version wrote it. Where the seeds differ, what is drawn by them is not
// told.
std::string fingerprint_difference(const Fingerprint& then, const Fingerprint& now);

}  // namespace thaw
