import { isolationContract } from "../test-support/isolation/contract.ts";

isolationContract("SQLite");
