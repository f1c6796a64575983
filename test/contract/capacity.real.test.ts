import { describeCapacity } from "./capacity.js";
import { startRealCapacity } from "./real-capacity.js";

describeCapacity("AWS adapter over emulated EKS", startRealCapacity);
