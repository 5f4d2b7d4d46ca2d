// Amplify, unmodified: all it was told is where the pool is.
import { Amplify } from "aws-amplify";
import {
  confirmSignIn,
  fetchAuthSession,
  fetchUserAttributes,
  resetPassword,
  confirmResetPassword,
  signIn,
  signOut,
  updateUserAttribute,
  confirmUserAttribute,
} from "aws-amplify/auth";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startCognito } from "../../harness/cognito.ts";
import { mailedCode, password, signUp } from "../../harness/users.ts";

const { suite, ClientId } = await startCognito();
Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: suite.userPoolId,
      userPoolClientId: ClientId,
      userPoolEndpoint: suite.url.auth,
    },
  },
});
const username = "ada";
const other = "Another-horse-8";
const sub = await signUp(suite, username);

describe("Amplify", () => {
  it("signs in by SRP, refreshes and signs out", async () => {
    const { isSignedIn } = await signIn({ username, password });
    assert.ok(isSignedIn);
    const first = await fetchAuthSession();
    assert.equal(first.userSub, sub);
    for (let i = 0; i < 3; i++) {
      const { tokens } = await fetchAuthSession({ forceRefresh: true });
      assert.notEqual(
        tokens?.accessToken.payload.jti,
        first.tokens?.accessToken.payload.jti,
      );
    }
    await signOut({ global: true });
  });
  it("changes what the user says", async () => {
    await signIn({ username, password });
    const { nextStep } = await updateUserAttribute({
      userAttribute: { attributeKey: "email", value: "ada@new.test" },
    });
    assert.equal(nextStep.updateAttributeStep, "CONFIRM_ATTRIBUTE_WITH_CODE");
    await confirmUserAttribute({
      userAttributeKey: "email",
      confirmationCode: await mailedCode(suite, "ada@new.test"),
    });
    const { email, email_verified } = await fetchUserAttributes();
    assert.deepEqual([email, email_verified], ["ada@new.test", "true"]);
    await signOut();
  });
  it("gets a new password for a forgotten one", async () => {
    await resetPassword({ username });
    await confirmResetPassword({
      username,
      newPassword: other,
      confirmationCode: await mailedCode(suite, "ada@new.test"),
    });
    assert.ok((await signIn({ username, password: other })).isSignedIn);
    await signOut();
  });
  it("lets the user choose", async () => {
    const options = { authFlowType: "USER_AUTH" } as const;
    const first = await signIn({ username, options });
    assert.equal(
      first.nextStep.signInStep,
      "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION",
    );
    await confirmSignIn({ challengeResponse: "PASSWORD_SRP" });
    assert.ok((await confirmSignIn({ challengeResponse: other })).isSignedIn);
    await signOut();
    await signIn({ username, options });
    const { nextStep } = await confirmSignIn({
      challengeResponse: "EMAIL_OTP",
    });
    assert.equal(nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_EMAIL_CODE");
    const code = await mailedCode(suite, "ada@new.test");
    assert.ok((await confirmSignIn({ challengeResponse: code })).isSignedIn);
    await signOut();
  });
});
