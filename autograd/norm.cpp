// SPDX-License-Identifier: Apache-2.0
// Layer norm and RMS norm with what comes before them.
#include "autograd/functions.h"
#include "autograd/tape.h"

namespace thaw {

// One kernel makes the gradients of x, residual, weight and bias in one pass over the kept sum, mean and 1 / deviation
// (kernel_args.h).
Variable norm(const Variable& x, const Variable& residual, const Variable& weight, const Variable& bias,
              const Norm& options, Variable* sum) {
  const bool keep = needed(x) || needed(residual) || needed(weight) || needed(bias);
  const NormResult made = norm(x.value(), residual.value(), weight.value(), bias.value(), options, keep || sum);
  const auto gradient = [s = Saved(made.sum, "norm"), mean = made.mean, rstd = made.rstd, w = saved(weight)](
                            const Tensor& dy, const Norm& how, NormWanted wanted) {
    return norm_backward(dy, {{}, s, mean, rstd}, w, how, wanted);
  };
  if (!sum) {
    const NormWanted wanted{needed(x), needed(residual), needed(weight), needed(bias)};
    return record_joint("norm", made.y, {x, residual, weight, bias}, [gradient, options, wanted](const Tensor& dy) {
      const NormGradients g = gradient(dy, options, wanted);
      return std::vector<Tensor>{g.x, g.residual, g.weight, g.bias};
    });
  }
  // Gradients reach the sum from the norm and from those who go on from it: it is a variable of its own.
  const bool is_x = !residual.defined() && options.dropout.probability == 0;
  *sum = is_x ? x
              : record("norm", made.sum.reshape(x.shape()),
                       {grad_to(x, [dropped = options.dropout](const Tensor& dy) { return dropout(dy, dropped); }),
                        grad_to(residual, [](const Tensor& dy) { return dy; })});
  const NormWanted wanted{needed(*sum), false, needed(weight), needed(bias)};
  const Norm plain{options.kind, options.eps, {}};
  return record_joint("norm", made.y, {*sum, weight, bias}, [gradient, plain, wanted](const Tensor& dy) {
    const NormGradients g = gradient(dy, plain, wanted);
    return std::vector<Tensor>{g.x, g.weight, g.bias};
  });
}

}  // namespace thaw
