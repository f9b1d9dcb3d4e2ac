// SPDX-License-Identifier: Apache-2.0
// Learning rates over the steps of a run.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace thaw {

// Step number, from 0, to the rate of that step.
using Schedule = std::function<double(int64_t)>;

struct ScheduleShape {
  double cycles = 1;  // cosine_with_restarts: how often the rate falls from its height to 0
  double power = 1;   // polynomial
  double end = 1e-7;  // polynomial: the last rate
};

// With W warm-up steps of T in all, the rate rises as rate t / W from 0 at the first step (if W > 0); then, with p = (t
// - W) / (T - W),
//   constant, constant_with_warmup  rate
//   linear                rate (1 - p)
//   cosine                rate (1 + cos(pi p)) / 2                       (Loshchilov & Hutter 2017)
//   cosine_with_restarts  rate (1 + cos(pi (cycles p mod 1))) / 2, 0 from T on
//   inverse_sqrt          rate sqrt(S / (t - W + S)), S = W, or 10,000 without warm-up
//   polynomial            (rate - end) (1 - p)^power + end, end from T on
// Names and defaults are the reference library's, but that its "constant" knows no warm-up (the trainer refuses the two
// together). Another name is an error that lists these.
Schedule make_schedule(const std::string& name, double rate, int64_t warmup, int64_t total,
                       const ScheduleShape& shape = {});

std::vector<std::string> schedule_names();

}  // namespace thaw
