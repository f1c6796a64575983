/** Dynamic resources that do nothing: what the engine itself takes for as many resources. */
import * as pulumi from "@pulumi/pulumi";

/** Six methods, like any provider that can do more than create; none of them captures anything. */
const provider: pulumi.dynamic.ResourceProvider<pulumi.Inputs, pulumi.Inputs> = {
  check: (_olds, news) => Promise.resolve({ inputs: news, failures: [] }),
  diff: (_id, olds, news) => Promise.resolve({ changes: olds["value"] !== news["value"] }),
  create: (inputs) => Promise.resolve({ id: `trivial-${String(inputs["value"])}`, outs: inputs }),
  update: (_id, _olds, news) => Promise.resolve({ outs: news }),
  read: (id, props) => Promise.resolve({ id, props: props ?? {} }),
  delete: () => Promise.resolve(),
};

class Trivial extends pulumi.dynamic.Resource {
  constructor(value: number) {
    super(provider, `trivial-${value}`, { value }, {}, "curfew", "Trivial");
  }
}

const count = Number(process.env["CURFEW_BENCH_CLUSTERS"]);
for (let index = 0; index < count; index++) {
  new Trivial(index);
}
